package dev.attune.explore.projection;

import dev.attune.explore.matrix.Neighbors;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How likely t-SNE takes two rows to be neighbours: Gaussian among a row's nearest, wide enough for the perplexity, made
 * symmetric, all adding up to 1. The partners of row r stand at starts[r] to starts[r + 1].
 */
final class Affinities {
    private static final int STEPS = 100;
    private static final double TOLERANCE = 1e-5;

    private final int[] starts;
    private final int[] partners;
    private final double[] values;

    private Affinities(int[] starts, int[] partners, double[] values) {
        this.starts = starts;
        this.partners = partners;
        this.values = values;
    }

    int[] starts() {
        return starts;
    }

    int[] partners() {
        return partners;
    }

    double[] values() {
        return values;
    }

    static Affinities of(double[][] rows, double perplexity) {
        int neighbours = Math.min(rows.length - 1, (int) (3 * perplexity + 1));
        var nearest = Neighbors.among(rows, neighbours);
        var conditional = new double[rows.length][];
        IntStream.range(0, rows.length)
                .parallel()
                .forEach(r -> conditional[r] = conditional(nearest.squaredDistances()[r], perplexity));
        return symmetric(nearest.rows(), conditional);
    }

    /** p(j|i) of a row's neighbours, by bisection on the Gaussian's precision. */
    private static double[] conditional(double[] squaredDistances, double perplexity) {
        double wanted = Math.log(perplexity);
        var p = new double[squaredDistances.length];
        double beta = 1;
        double low = Double.NEGATIVE_INFINITY;
        double high = Double.POSITIVE_INFINITY;
        for (int step = 0; step < STEPS; step++) {
            double sum = 0;
            double weighted = 0;
            for (int j = 0; j < p.length; j++) {
                // Relative to the nearest, so that far rows do not all become 0.
                double excess = squaredDistances[j] - squaredDistances[0];
                p[j] = Math.exp(-excess * beta);
                sum += p[j];
                weighted += excess * p[j];
            }
            for (int j = 0; j < p.length; j++) {
                p[j] /= sum;
            }
            double entropy = Math.log(sum) + beta * weighted / sum;
            if (Math.abs(entropy - wanted) <= TOLERANCE) {
                break;
            }
            if (entropy > wanted) {
                low = beta;
                beta = high == Double.POSITIVE_INFINITY ? beta * 2 : (beta + high) / 2;
            } else {
                high = beta;
                beta = low == Double.NEGATIVE_INFINITY ? beta / 2 : (beta + low) / 2;
            }
        }
        return p;
    }

    private static Affinities symmetric(int[][] neighbours, double[][] conditional) {
        int n = neighbours.length;
        var counts = new int[n];
        for (int r = 0; r < n; r++) {
            counts[r] += neighbours[r].length;
            for (int partner : neighbours[r]) {
                counts[partner]++;
            }
        }
        // Both directions, a pair that is mutual twice; then sorted by partner and the twins added up.
        var keys = new long[n][];
        Arrays.setAll(keys, r -> new long[counts[r]]);
        var filled = new int[n];
        for (int r = 0; r < n; r++) {
            for (int j = 0; j < neighbours[r].length; j++) {
                int partner = neighbours[r][j];
                keys[r][filled[r]++] = (long) partner << 32 | j << 1;
                keys[partner][filled[partner]++] = (long) r << 32 | j << 1 | 1;
            }
        }
        var starts = new int[n + 1];
        var partners = new int[2 * n * neighbours[0].length];
        var values = new double[partners.length];
        int at = 0;
        for (int r = 0; r < n; r++) {
            Arrays.sort(keys[r]);
            for (long key : keys[r]) {
                int partner = (int) (key >> 32);
                int j = (int) key >> 1;
                double p = (key & 1) == 0 ? conditional[r][j] : conditional[partner][j];
                if (at > starts[r] && partners[at - 1] == partner) {
                    values[at - 1] += p / (2.0 * n);
                } else {
                    partners[at] = partner;
                    values[at++] = p / (2.0 * n);
                }
            }
            starts[r + 1] = at;
        }
        return new Affinities(starts, Arrays.copyOf(partners, at), Arrays.copyOf(values, at));
    }
}
