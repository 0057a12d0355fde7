package dev.attune.explore.matrix;

import java.util.stream.IntStream;

/**
 * The k nearest rows by Euclidean distance, exactly: every pair is measured, which for 10,000 rows of 50 columns takes
 * about as long as an approximate index takes to build.
 */
public final class Neighbors {
    private final int[][] rows;
    private final double[][] squaredDistances;

    private Neighbors(int[][] rows, double[][] squaredDistances) {
        this.rows = rows;
        this.squaredDistances = squaredDistances;
    }

    /** Of each query the row ids, the nearest first; of equally near ones the first. */
    public int[][] rows() {
        return rows;
    }

    /** How far those are. */
    public double[][] squaredDistances() {
        return squaredDistances;
    }

    /** Of each row among the others. */
    public static Neighbors among(double[][] data, int k) {
        return search(data, data, k, true);
    }

    /** Of each query among the data. */
    public static Neighbors of(double[][] queries, double[][] data, int k) {
        return search(queries, data, k, false);
    }

    private static Neighbors search(double[][] queries, double[][] data, int k, boolean skipSelf) {
        int available = data.length - (skipSelf ? 1 : 0);
        if (k < 1 || k > available) {
            throw new IllegalArgumentException(k + " neighbours of " + available + " rows");
        }
        var rows = new int[queries.length][k];
        var distances = new double[queries.length][k];
        IntStream.range(0, queries.length).parallel().forEach(query -> {
            var nearest = new Nearest(rows[query], distances[query]);
            double[] from = queries[query];
            for (int row = 0; row < data.length; row++) {
                if (!skipSelf || row != query) {
                    nearest.offer(row, Rows.squaredDistance(from, data[row]));
                }
            }
        });
        return new Neighbors(rows, distances);
    }

    /** Keeps the k smallest offers sorted, by insertion: few of many offers get in. */
    private static final class Nearest {
        private final int[] rows;
        private final double[] distances;
        private int filled;

        Nearest(int[] rows, double[] distances) {
            this.rows = rows;
            this.distances = distances;
        }

        void offer(int row, double distance) {
            if (filled == rows.length && distance >= distances[filled - 1]) {
                return;
            }
            int at = filled < rows.length ? filled++ : filled - 1;
            while (at > 0 && distances[at - 1] > distance) {
                rows[at] = rows[at - 1];
                distances[at] = distances[at - 1];
                at--;
            }
            rows[at] = row;
            distances[at] = distance;
        }
    }
}
