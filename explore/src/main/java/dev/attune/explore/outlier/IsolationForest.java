package dev.attune.explore.outlier;

import dev.attune.explore.matrix.Rows;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Isolation forest (Liu, Ting and Zhou 2008): rows that few random cuts set apart from a sample are outliers. Trees and scores
 * as in scikit-learn, from another random sequence; the same seed gives the same scores on any number of cores.
 */
public final class IsolationForest {
    private static final double EULER = 0.5772156649015329;

    private final Node[] trees;
    private final double typicalDepth;
    private final int columns;

    /** A cut of one column, or, with nothing below it, a leaf: where the rows that reach it stop, and how deep that counts. */
    private static final class Node {
        private final int column;
        private final double cut;
        private final Node[] below;
        private final double depth;

        Node(int column, double cut, Node[] below, double depth) {
            this.column = column;
            this.cut = cut;
            this.below = below;
            this.depth = depth;
        }

        Node next(double[] row) {
            return below[row[column] <= cut ? 0 : 1];
        }
    }

    private IsolationForest(Node[] trees, double typicalDepth, int columns) {
        this.trees = trees;
        this.typicalDepth = typicalDepth;
        this.columns = columns;
    }

    /** 100 trees of 256 rows each, as the paper has it. */
    public static IsolationForest fit(double[][] rows, long seed) {
        return fit(rows, 100, 256, seed);
    }

    /**
     * Grows the trees.
     *
     * @param rows at least two, without missing values
     * @param sample rows that each tree sees, drawn without replacement; all where there are fewer
     * @throws InputException when there are too few rows, or a value is not finite
     */
    public static IsolationForest fit(double[][] rows, int trees, int sample, long seed) {
        int columns = Rows.requireFinite(rows, 2);
        if (trees < 1 || sample < 2) {
            throw new InputException("An isolation forest takes one tree or more, of two rows or more each.");
        }
        int size = Math.min(sample, rows.length);
        int deepest = (int) Math.ceil(Math.log(size) / Math.log(2));
        var random = new SplittableRandom(seed);
        SplittableRandom[] randoms =
                IntStream.range(0, trees).mapToObj(i -> random.split()).toArray(SplittableRandom[]::new);
        Node[] grown = Arrays.stream(randoms)
                .parallel()
                .map(own -> grow(drawn(rows, size, own), 0, deepest, own))
                .toArray(Node[]::new);
        return new IsolationForest(grown, typicalDepth(size), columns);
    }

    /** The first rows of a shuffle that goes no further. */
    private static double[][] drawn(double[][] points, int size, SplittableRandom random) {
        double[][] pool = points.clone();
        for (int i = 0; i < size; i++) {
            int other = i + random.nextInt(pool.length - i);
            double[] swapped = pool[i];
            pool[i] = pool[other];
            pool[other] = swapped;
        }
        return Arrays.copyOf(pool, size);
    }

    private static Node grow(double[][] points, int depth, int deepest, SplittableRandom random) {
        if (points.length > 1 && depth < deepest) {
            // Columns in random order, until one varies.
            int[] order = IntStream.range(0, points[0].length).toArray();
            for (int i = 0; i < order.length; i++) {
                int other = i + random.nextInt(order.length - i);
                int column = order[other];
                order[other] = order[i];
                var values = Arrays.stream(points)
                        .mapToDouble(point -> point[column])
                        .summaryStatistics();
                if (values.getMin() < values.getMax()) {
                    double cut = Math.max(
                            values.getMin(),
                            Math.min(
                                    values.getMin() + random.nextDouble() * (values.getMax() - values.getMin()),
                                    Math.nextDown(values.getMax())));
                    double[][] low =
                            Arrays.stream(points).filter(p -> p[column] <= cut).toArray(double[][]::new);
                    double[][] high =
                            Arrays.stream(points).filter(p -> p[column] > cut).toArray(double[][]::new);
                    var below =
                            new Node[] {grow(low, depth + 1, deepest, random), grow(high, depth + 1, deepest, random)};
                    return new Node(column, cut, below, depth);
                }
            }
        }
        return new Node(-1, 0, new Node[0], depth + typicalDepth(points.length));
    }

    /** How many cuts set a row apart from so many others on average. */
    private static double typicalDepth(int size) {
        if (size <= 1) {
            return 0;
        }
        return size == 2 ? 1 : 2 * (Math.log(size - 1.0) + EULER) - 2 * (size - 1.0) / size;
    }

    /** Each row's anomaly score: near 1 for outliers, about 0.5 and less for the others; minus scikit-learn's score_samples. */
    public double[] scores(double[][] rows) {
        return Arrays.stream(rows).parallel().mapToDouble(this::score).toArray();
    }

    private double score(double[] row) {
        if (row.length != columns) {
            throw new IllegalArgumentException("A row of " + row.length + " columns; the forest saw " + columns);
        }
        double depth = 0;
        for (Node tree : trees) {
            Node node = tree;
            while (node.below.length > 0) {
                node = node.next(row);
            }
            depth += node.depth;
        }
        return Math.pow(2, -depth / trees.length / typicalDepth);
    }
}
