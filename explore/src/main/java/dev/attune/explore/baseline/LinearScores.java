package dev.attune.explore.baseline;

import dev.attune.evaluation.Softmax;
import dev.attune.explore.matrix.SparseRows;

/** Scores that are linear in a row: one for each class, or with two classes that of the second alone. */
final class LinearScores {
    /** columns x outputs, by column */
    private final double[] weights;

    private final double[] intercepts;

    LinearScores(double[] weights, double[] intercepts) {
        this.weights = weights;
        this.intercepts = intercepts;
    }

    double[] weights() {
        return weights;
    }

    double[] intercepts() {
        return intercepts;
    }

    double[] of(SparseRows rows, int row) {
        double[] scores = intercepts.clone();
        rows.addProduct(row, weights, scores);
        return scores;
    }

    /** Of all rows, of scores times {@code sharpness}. */
    double[][] probabilities(SparseRows rows, double sharpness) {
        var probabilities = new double[rows.size()][];
        for (int row = 0; row < probabilities.length; row++) {
            double[] scores = of(rows, row);
            for (int k = 0; k < scores.length; k++) {
                scores[k] *= sharpness;
            }
            probabilities[row] = probabilities(scores);
        }
        return probabilities;
    }

    /** The scores' softmax; of a single score, the logistic function of it for the second class. */
    static double[] probabilities(double[] scores) {
        return scores.length == 1 ? new double[] {logistic(-scores[0]), logistic(scores[0])} : Softmax.of(scores);
    }

    static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    long numbers() {
        return (long) weights.length + intercepts.length;
    }
}
