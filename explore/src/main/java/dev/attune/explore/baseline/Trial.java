package dev.attune.explore.baseline;

import dev.attune.data.Folds;
import dev.attune.evaluation.Evaluation;
import dev.attune.evaluation.Predictions;
import dev.attune.evaluation.TestResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A baseline's test.
 *
 * @param result where it was cross-validated, over all rows, each predicted by a model that had not seen it; the training
 *     seconds are those of one model
 * @param foldAccuracies empty where it was not cross-validated
 */
public record Trial(TestResult result, List<Double> foldAccuracies) {
    private static final int BYTES = 8;

    public Trial {
        foldAccuracies = List.copyOf(foldAccuracies);
    }

    /**
     * Fits on the one part, tests on the other.
     *
     * @param seed of the confidence intervals
     */
    public static <X> Trial of(Baseline<X> baseline, Labelled<X> train, Labelled<X> test, long seed) {
        var run = new Run<>(baseline, train, test.rows());
        return new Trial(result(baseline, test, run.probabilities, List.of(run), seed), List.of());
    }

    /**
     * Stratified cross-validation.
     *
     * @param seed of the folds and of the confidence intervals
     */
    public static <X> Trial crossValidated(Baseline<X> baseline, Labelled<X> data, int folds, long seed) {
        var probabilities = new double[data.labels().length][];
        var accuracies = new ArrayList<Double>();
        var runs = new ArrayList<Run<X>>();
        for (int[] fold : Folds.stratified(data.labels(), folds, seed)) {
            Labelled<X> test = data.select(fold);
            var run = new Run<>(baseline, data.select(Folds.others(probabilities.length, fold)), test.rows());
            for (int i = 0; i < fold.length; i++) {
                probabilities[fold[i]] = run.probabilities[i];
            }
            accuracies.add(Evaluation.of(data.names(), test.labels(), run.probabilities)
                    .accuracy());
            runs.add(run);
        }
        return new Trial(result(baseline, data, probabilities, runs, seed), accuracies);
    }

    private static <X> TestResult result(
            Baseline<X> baseline, Labelled<X> test, double[][] probabilities, List<Run<X>> runs, long seed) {
        double seconds = runs.stream().mapToDouble(run -> run.predictSeconds).sum();
        var cost = new TestResult.Cost(
                runs.stream().mapToDouble(run -> run.fitSeconds).average().orElse(0),
                test.rows().size() / seconds,
                BYTES * runs.get(0).numbers);
        var texts = IntStream.range(0, test.rows().size())
                .mapToObj(row -> test.rows().get(row) instanceof String text ? text : "row " + (row + 1))
                .toList();
        return new TestResult(
                baseline.name(),
                Evaluation.of(test.names(), test.labels(), probabilities, seed),
                Predictions.of(test.names(), texts, test.labels(), probabilities),
                cost);
    }

    /** One fit and one prediction, timed. */
    private static final class Run<X> {
        final double fitSeconds;
        final double predictSeconds;
        final double[][] probabilities;
        final long numbers;

        Run(Baseline<X> baseline, Labelled<X> train, List<X> test) {
            long started = System.nanoTime();
            var fitted = train.fit(baseline);
            long done = System.nanoTime();
            probabilities = fitted.probabilities(test);
            predictSeconds = (System.nanoTime() - done) / 1e9;
            fitSeconds = (done - started) / 1e9;
            numbers = fitted.numbers();
        }
    }
}
