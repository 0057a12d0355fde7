package dev.attune.evaluation;

import dev.attune.files.InputException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What the figures and their intervals are both computed from. */
final class Computation {
    private final List<String> labels;
    private final int[] truth;
    private final double[][] probabilities;
    /** Each row's cell in the confusion matrix. */
    private final int[] cells;
    /** With two labels of the second only, else of each. */
    private final List<Ranking> rankings;

    /** The arrays are kept, not copied. */
    Computation(List<String> labels, int[] truth, double[][] probabilities) {
        int classes = labels.size();
        if (truth.length != probabilities.length) {
            throw new IllegalArgumentException(
                    truth.length + " labels for " + probabilities.length + " rows of probabilities.");
        }
        if (truth.length == 0) {
            throw new InputException("There are no rows to evaluate; give at least one labelled text.");
        }
        Probabilities.check(probabilities, classes);
        this.labels = labels;
        this.truth = truth;
        this.probabilities = probabilities;
        cells = new int[truth.length];
        for (int row = 0; row < cells.length; row++) {
            if (truth[row] < 0 || truth[row] >= classes) {
                throw new IllegalArgumentException(
                        "Row " + row + " has the label id " + truth[row] + " of " + classes + " labels.");
            }
            cells[row] = truth[row] * classes + Prediction.of(probabilities[row]);
        }
        rankings = IntStream.range(classes == 2 ? 1 : 0, classes)
                .parallel()
                .mapToObj(label -> new Ranking(truth, probabilities, label))
                .toList();
    }

    Bootstrap bootstrap() {
        return new Bootstrap(labels.size(), cells, Probabilities.logLosses(truth, probabilities), rankings);
    }

    Evaluation evaluation(Map<String, Interval> intervals) {
        var counts = new int[labels.size() * labels.size()];
        var ones = new int[truth.length];
        for (int row = 0; row < truth.length; row++) {
            counts[cells[row]]++;
            ones[row] = 1;
        }
        var confusion = new Confusion(labels.size(), counts);
        double rocAuc =
                mean(rankings.stream().map(ranking -> ranking.rocAuc(ones)).toList());
        double averagePrecision =
                mean(rankings.stream().map(Ranking::averagePrecision).toList());
        double loss = 0;
        for (double rowLoss : Probabilities.logLosses(truth, probabilities)) {
            loss += rowLoss;
        }
        return new Evaluation(
                truth.length,
                labels,
                confusion.accuracy(),
                confusion.macro(),
                confusion.micro(),
                confusion.weighted(),
                confusion.perClass(),
                confusion.matrix(),
                confusion.mcc(),
                Double.isNaN(rocAuc) ? null : (Double) rocAuc,
                averagePrecision,
                loss / truth.length,
                Probabilities.expectedCalibrationError(truth, probabilities),
                intervals);
    }

    /** NaN when one of them is. */
    private static double mean(List<Double> values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.size();
    }
}
