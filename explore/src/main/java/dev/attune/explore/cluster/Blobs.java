package dev.attune.explore.cluster;

import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;

/**
 * Made-up rows that fall into clusters, for tests and lessons (as scikit-learn's make_blobs): Gaussian around centers that are
 * drawn from a cube.
 */
public final class Blobs {
    private final double[][] rows;
    private final int[] labels;
    private final double[][] centers;

    private Blobs(double[][] rows, int[] labels, double[][] centers) {
        this.rows = rows;
        this.labels = labels;
        this.centers = centers;
    }

    /** The rows, in shuffled order. */
    public double[][] rows() {
        return rows;
    }

    /** The cluster of each row. */
    public int[] labels() {
        return labels;
    }

    /** What the clusters lie around: clusters x columns. */
    public double[][] centers() {
        return centers;
    }

    private static final double CUBE = 10;

    /**
     * Draws centers, then rows around them.
     *
     * @param size how many rows, spread evenly
     * @param deviation of each cluster along each column; centers lie between -10 and 10
     */
    public static Blobs make(int size, int columns, int clusters, double deviation, long seed) {
        if (size < clusters || columns < 1 || clusters < 1 || !(deviation >= 0)) {
            throw new InputException(
                    "Blobs take one cluster or more, as many rows, one column or more and a deviation of 0 "
                            + "or more.");
        }
        var random = new Random(seed);
        var centers = new double[clusters][columns];
        for (double[] center : centers) {
            for (int c = 0; c < columns; c++) {
                center[c] = CUBE * (2 * random.nextDouble() - 1);
            }
        }
        var order = new ArrayList<Integer>();
        for (int i = 0; i < size; i++) {
            order.add(i % clusters);
        }
        Collections.shuffle(order, random);
        var rows = new double[size][columns];
        for (int r = 0; r < size; r++) {
            int cluster = order.get(r);
            for (int c = 0; c < columns; c++) {
                rows[r][c] = centers[cluster][c] + deviation * random.nextGaussian();
            }
        }
        return new Blobs(rows, order.stream().mapToInt(cluster -> cluster).toArray(), centers);
    }
}
