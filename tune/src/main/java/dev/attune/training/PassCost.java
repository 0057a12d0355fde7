package dev.attune.training;

import java.util.List;

/**
 * What a pass over a batch takes, in seconds: something for each of its tokens, padding included, something for itself, and, as
 * attention does, something for each token and each that it sees.
 */
record PassCost(double perToken, double perPass, double perPair) {
    static final PassCost NOTHING = new PassCost(0, 0, 0);

    private static final int PARTS = 3;
    private static final int SWEEPS = 100_000;
    private static final double STILL = 1e-13;
    private static final int ROUNDS = 20;
    /** A deviation of so small a share is none. */
    private static final double NEAR = 1e-3;

    /** A pass that was timed. */
    record Timed(int rows, int width, double seconds) {}

    double seconds(int rows, int width) {
        double[] counts = counts(rows, width);
        return perToken * counts[0] + perPass * counts[1] + perPair * counts[2];
    }

    double seconds(List<Pass> passes) {
        return passes.stream()
                .mapToDouble(pass -> seconds(pass.rows(), pass.width()))
                .sum();
    }

    private static double[] counts(int rows, int width) {
        double tokens = (double) rows * width;
        return new double[] {tokens, 1, tokens * width};
    }

    /**
     * The cost that comes nearest to what was timed, none of its parts below 0, by least absolute deviations: what now and then
     * holds a pass up does not count. A pass of many tokens, whose time varies more, weighs less. Passes of one shape tell of tokens
     * alone.
     */
    static PassCost fit(List<Timed> timed) {
        double[] weights = timed.stream()
                .mapToDouble(each -> 1 / counts(each.rows(), each.width())[0])
                .toArray();
        var fitted = leastSquares(timed, weights);
        for (int round = 0; round < ROUNDS; round++) { // each square divided by what was left of it the round before
            double[] again = new double[weights.length];
            for (int i = 0; i < again.length; i++) {
                var each = timed.get(i);
                double off = Math.abs(each.seconds() - fitted.seconds(each.rows(), each.width()));
                again[i] = Math.sqrt(weights[i]) / Math.max(off, NEAR * each.seconds() + Double.MIN_NORMAL);
            }
            fitted = leastSquares(timed, again);
        }
        return fitted;
    }

    private static PassCost leastSquares(List<Timed> timed, double[] weights) {
        double[] scale = new double[PARTS];
        for (int t = 0; t < weights.length; t++) {
            double[] counts = counts(timed.get(t).rows(), timed.get(t).width());
            for (int i = 0; i < PARTS; i++) {
                scale[i] += counts[i] * counts[i] * weights[t];
            }
        }
        double[][] matrix = new double[PARTS][PARTS]; // of the normal equations, ones on its diagonal
        double[] right = new double[PARTS];
        for (int t = 0; t < weights.length; t++) {
            double[] counts = counts(timed.get(t).rows(), timed.get(t).width());
            for (int i = 0; i < PARTS; i++) {
                double weighted = counts[i] / Math.sqrt(scale[i]) * weights[t];
                right[i] += weighted * timed.get(t).seconds();
                for (int j = 0; j < PARTS; j++) {
                    matrix[i][j] += weighted * counts[j] / Math.sqrt(scale[j]);
                }
            }
        }
        double[] parts = nonNegative(matrix, right);
        return new PassCost(
                parts[0] / Math.sqrt(scale[0]), parts[1] / Math.sqrt(scale[1]), parts[2] / Math.sqrt(scale[2]));
    }

    /** By coordinate descent: each part in turn as the others leave it, until none moves. */
    private static double[] nonNegative(double[][] matrix, double[] right) {
        double[] x = new double[PARTS];
        double moved = 1;
        for (int sweep = 0; sweep < SWEEPS && moved > STILL * (x[0] + x[1] + x[2]); sweep++) {
            moved = 0;
            for (int i = 0; i < PARTS; i++) {
                double before = x[i];
                double rest = right[i];
                for (int j = 0; j < PARTS; j++) {
                    rest -= matrix[i][j] * x[j];
                }
                x[i] = Math.max(0, before + rest);
                moved = Math.max(moved, Math.abs(x[i] - before));
            }
        }
        return x;
    }
}
