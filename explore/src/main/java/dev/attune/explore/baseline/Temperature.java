package dev.attune.explore.baseline;

/** The one factor that makes scores into calibrated probabilities (Guo et al. 2017, "On Calibration of Modern Neural Networks"). */
final class Temperature {
    private static final double SMALLEST = Math.log(1e-2);
    private static final double LARGEST = Math.log(1e2);
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final int STEPS = 40;

    private Temperature() {}

    /**
     * The factor with the least log loss, by golden section on its logarithm.
     *
     * @param scores rows x classes, or rows x 1 for that of the second of two
     */
    static double sharpness(double[][] scores, int[] labels) {
        double low = SMALLEST;
        double high = LARGEST;
        for (int step = 0; step < STEPS; step++) {
            double left = high - GOLDEN * (high - low);
            double right = low + GOLDEN * (high - low);
            if (loss(scores, labels, Math.exp(left)) < loss(scores, labels, Math.exp(right))) {
                high = right;
            } else {
                low = left;
            }
        }
        return Math.exp((low + high) / 2);
    }

    private static double loss(double[][] scores, int[] labels, double sharpness) {
        double loss = 0;
        for (int row = 0; row < labels.length; row++) {
            loss += scores[row].length == 1
                    ? Math.log1p(Math.exp((labels[row] == 1 ? -1 : 1) * sharpness * scores[row][0]))
                    : logSumExp(scores[row], sharpness) - sharpness * scores[row][labels[row]];
        }
        return loss;
    }

    private static double logSumExp(double[] scores, double sharpness) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            largest = Math.max(largest, sharpness * score);
        }
        double sum = 0;
        for (double score : scores) {
            sum += Math.exp(sharpness * score - largest);
        }
        return largest + Math.log(sum);
    }
}
