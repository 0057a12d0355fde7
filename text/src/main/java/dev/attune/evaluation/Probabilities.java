package dev.attune.evaluation;

import dev.attune.files.InputException;

/** What is scored on the probabilities themselves, beyond which label they put first. */
final class Probabilities {
    private static final int BINS = 15;
    private static final double TOLERANCE = 1e-3;
    /** numpy's eps for float64: log_loss clips with it, so that a certain mistake costs 36 and not infinity. */
    private static final double EPSILON = Math.ulp(1.0);

    private Probabilities() {}

    /** @throws InputException when a row is no distribution over {@code classes} labels */
    static void check(double[][] probabilities, int classes) {
        for (int row = 0; row < probabilities.length; row++) {
            if (probabilities[row].length != classes) {
                throw new IllegalArgumentException("Row " + row + " has " + probabilities[row].length
                        + " probabilities for " + classes + " labels.");
            }
            double sum = 0;
            for (double probability : probabilities[row]) {
                // Written so that NaN fails too.
                if (!(probability >= 0 && probability <= 1 + TOLERANCE)) {
                    throw new InputException(
                            "The model gave row " + row + " the probability " + probability
                                    + "; its weights are probably damaged, or its training diverged (a lower learning rate helps).");
                }
                sum += probability;
            }
            if (Math.abs(sum - 1) > TOLERANCE) {
                throw new InputException("The probabilities of row " + row + " add up to " + sum + " instead of 1.");
            }
        }
    }

    /** Each row's negative log likelihood; their mean is scikit-learn's log_loss. */
    static double[] logLosses(int[] truth, double[][] probabilities) {
        var losses = new double[truth.length];
        for (int row = 0; row < losses.length; row++) {
            losses[row] = -Math.log(Math.min(Math.max(probabilities[row][truth[row]], EPSILON), 1 - EPSILON));
        }
        return losses;
    }

    /**
     * Expected calibration error of the predicted label (Guo et al. 2017, "On Calibration of Modern Neural
     * Networks"): the gap between confidence and accuracy in 15 bins of equal width, open below and closed above,
     * weighted by their rows.
     */
    static double expectedCalibrationError(int[] truth, double[][] probabilities) {
        var confidence = new double[BINS];
        var correct = new int[BINS];
        for (int row = 0; row < truth.length; row++) {
            int predicted = Prediction.of(probabilities[row]);
            double probability = probabilities[row][predicted];
            int bin = Math.min(Math.max((int) Math.ceil(probability * BINS) - 1, 0), BINS - 1);
            confidence[bin] += probability;
            correct[bin] += truth[row] == predicted ? 1 : 0;
        }
        double error = 0;
        for (int bin = 0; bin < BINS; bin++) {
            error += Math.abs(confidence[bin] - correct[bin]);
        }
        return error / truth.length;
    }
}
