package dev.attune.explore.cluster;

import dev.attune.files.InputException;

/**
 * How k-means is run.
 *
 * @param restarts of which the one with the least inertia is kept
 * @param iterations at most, of each
 * @param tolerance a run ends when its centers move by less: their squared moves against the columns' mean variance
 * @param seed of the first centers
 */
public record KMeansOptions(int restarts, int iterations, double tolerance, long seed) {
    private static final KMeansOptions DEFAULTS = new KMeansOptions(10, 300, 1e-4, 42);

    public KMeansOptions {
        if (restarts < 1 || iterations < 1 || !(tolerance >= 0)) {
            throw new InputException(
                    "k-means takes one restart or more, one iteration or more and a tolerance of 0 or more.");
        }
    }

    public static KMeansOptions defaults() {
        return DEFAULTS;
    }

    public KMeansOptions withSeed(long other) {
        return new KMeansOptions(restarts, iterations, tolerance, other);
    }

    public KMeansOptions withRestarts(int other) {
        return new KMeansOptions(other, iterations, tolerance, seed);
    }
}
