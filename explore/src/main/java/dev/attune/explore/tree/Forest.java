package dev.attune.explore.tree;

import dev.attune.explore.matrix.Rows;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A random forest (Breiman 2001) as scikit-learn grows it: each tree sees rows drawn with replacement and tries a few columns
 * for each cut; the forest says the mean of its trees.
 */
public final class Forest {
    /** Deeper cuts part single rows from single rows. */
    private static final int DEEPEST = 64;

    private final Tree[] trees;

    private Forest(Tree[] trees) {
        this.trees = trees;
    }

    /**
     * For classes: the square root of the columns is tried for each cut.
     *
     * @param labels of the rows, 0 to classes - 1
     */
    public static Forest classes(double[][] rows, int[] labels, int classes, int trees, long seed) {
        int columns = Rows.requireFinite(rows, 1);
        Sums counts = (row, weight, sums, at) -> sums[at + labels[row]] += weight;
        return grow(rows, classes, counts, (int) Math.max(1, Math.sqrt(columns)), trees, seed);
    }

    /** For numbers: every column is tried for each cut. */
    public static Forest numbers(double[][] rows, double[] targets, int trees, long seed) {
        int columns = Rows.requireFinite(rows, 1);
        Sums sum = (row, weight, sums, at) -> sums[at] += weight * targets[row];
        return grow(rows, 1, sum, columns, trees, seed);
    }

    private static Forest grow(double[][] rows, int outputs, Sums sums, int columns, int trees, long seed) {
        if (trees < 1) {
            throw new InputException("A forest takes one tree or more; " + trees + " were asked for.");
        }
        var bins = Bins.of(rows);
        var random = new SplittableRandom(seed);
        SplittableRandom[] randoms =
                IntStream.range(0, trees).mapToObj(i -> random.split()).toArray(SplittableRandom[]::new);
        return new Forest(Arrays.stream(randoms)
                .parallel()
                .map(own -> {
                    var weights = new int[rows.length];
                    for (int i = 0; i < rows.length; i++) {
                        weights[own.nextInt(rows.length)]++;
                    }
                    var target = new Means(outputs, sums, weights);
                    return TreeGrower.grow(bins, target, weights, new Growth(DEEPEST, 1, columns), own);
                })
                .toArray(Tree[]::new));
    }

    /** Shares of the classes, or the number: rows x outputs. */
    public double[][] predict(double[][] rows) {
        return Arrays.stream(rows).parallel().map(this::predict).toArray(double[][]::new);
    }

    private double[] predict(double[] row) {
        double[] sum = trees[0].value(row).clone();
        for (int t = 1; t < trees.length; t++) {
            double[] value = trees[t].value(row);
            for (int k = 0; k < sum.length; k++) {
                sum[k] += value[k];
            }
        }
        for (int k = 0; k < sum.length; k++) {
            sum[k] /= trees.length;
        }
        return sum;
    }

    /** How many numbers the trees hold. */
    public long size() {
        return Arrays.stream(trees).mapToLong(Tree::numbers).sum();
    }

    /** Adds a row to the sums of a bin or a leaf. */
    private interface Sums {
        void add(int row, double weight, double[] sums, int at);
    }

    /** A target whose leaves are means over rows that count differently often. */
    private static final class Means implements Target {
        private final int outputs;
        private final Sums sums;
        private final int[] weights;

        Means(int outputs, Sums sums, int[] weights) {
            this.outputs = outputs;
            this.sums = sums;
            this.weights = weights;
        }

        @Override
        public int outputs() {
            return outputs;
        }

        @Override
        public void add(int row, double weight, double[] to, int at) {
            sums.add(row, weight, to, at);
        }

        @Override
        public double[] leaf(int[] rows, int from, int to) {
            var means = new double[outputs];
            double weight = 0;
            for (int i = from; i < to; i++) {
                sums.add(rows[i], weights[rows[i]], means, 0);
                weight += weights[rows[i]];
            }
            for (int k = 0; k < outputs; k++) {
                means[k] /= weight;
            }
            return means;
        }
    }
}
