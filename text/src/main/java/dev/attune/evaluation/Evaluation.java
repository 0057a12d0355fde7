package dev.attune.evaluation;

import dev.attune.files.InputException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How well predicted probabilities fit the truth, equal to scikit-learn's figures (zero_division=0). The predicted
 * label is the most probable one.
 *
 * @param n the number of rows
 * @param labels the names of the classes by id
 * @param macro the mean over the classes that occur in the truth or among the predictions
 * @param micro over all rows alike: the accuracy
 * @param weighted the mean over the classes, weighted by their rows in the truth
 * @param perClass by label id; a class without rows has zeros
 * @param confusion rows = truth, columns = predictions
 * @param mcc Matthews' correlation coefficient, 0 where a side has one class only
 * @param rocAuc with two labels the area under the ROC curve of the second; with more, the mean over one-vs-rest;
 *     {@code null} where a class has no row, or all rows
 * @param averagePrecision area under the precision-recall curve, of the same classes as {@code rocAuc}; a class
 *     without rows counts 0
 * @param logLoss mean negative log likelihood of the true label
 * @param expectedCalibrationError of the predicted label, 15 bins of equal width (Guo et al. 2017)
 * @param intervals 95 % percentile bootstrap intervals by metric name; empty when not asked for
 */
public record Evaluation(
        int n,
        List<String> labels,
        double accuracy,
        Averages macro,
        Averages micro,
        Averages weighted,
        List<ClassScores> perClass,
        List<List<Integer>> confusion,
        double mcc,
        @Nullable Double rocAuc,
        double averagePrecision,
        double logLoss,
        double expectedCalibrationError,
        Map<String, Interval> intervals) {

    public Evaluation {
        labels = List.copyOf(labels);
        perClass = List.copyOf(perClass);
        confusion = confusion.stream().map(List::copyOf).toList();
        intervals = Collections.unmodifiableMap(new LinkedHashMap<>(intervals));
    }

    /**
     * Without intervals: cheap, for use while training.
     *
     * @param truth label ids, one a row
     * @param probabilities rows x labels
     * @throws InputException when there is no row, or probabilities are NaN or do not add up to 1
     */
    public static Evaluation of(List<String> labels, int[] truth, double[][] probabilities) {
        return new Computation(labels, truth, probabilities).evaluation(Map.of());
    }

    /** With bootstrap intervals of 1,000 resamples, repeatable by {@code seed}: about a second for 10,000 rows of 77 classes. */
    public static Evaluation of(List<String> labels, int[] truth, double[][] probabilities, long seed) {
        var computation = new Computation(labels, truth, probabilities);
        return computation.evaluation(computation.bootstrap().intervals(seed));
    }

    /** Every single figure under scikit-learn's name; an undefined one is left out. */
    public Map<String, Double> metrics() {
        var metrics = new LinkedHashMap<String, Double>();
        metrics.put("accuracy", accuracy);
        metrics.put("precision_macro", macro.precision());
        metrics.put("recall_macro", macro.recall());
        metrics.put("f1_macro", macro.f1());
        metrics.put("precision_micro", micro.precision());
        metrics.put("recall_micro", micro.recall());
        metrics.put("f1_micro", micro.f1());
        metrics.put("precision_weighted", weighted.precision());
        metrics.put("recall_weighted", weighted.recall());
        metrics.put("f1_weighted", weighted.f1());
        metrics.put("mcc", mcc);
        if (rocAuc != null) {
            metrics.put("roc_auc", rocAuc);
        }
        metrics.put("average_precision", averagePrecision);
        metrics.put("log_loss", logLoss);
        metrics.put("expected_calibration_error", expectedCalibrationError);
        return Collections.unmodifiableMap(metrics);
    }

    /** scikit-learn's classification report (three digits), then the other figures with their intervals. */
    public String report() {
        return Report.of(this);
    }

    /** One JSON object: the names of {@link #metrics()}, n, labels, per_class, confusion, intervals. */
    public String toJson() {
        return EvaluationJson.write(this);
    }

    /**
     * What {@link #toJson()} wrote.
     *
     * @throws InputException when {@code json} is something else
     */
    public static Evaluation fromJson(String json) {
        return EvaluationJson.read(json);
    }
}
