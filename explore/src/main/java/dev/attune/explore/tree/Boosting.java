package dev.attune.explore.tree;

import dev.attune.explore.matrix.Rows;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Gradient boosting (Friedman 2001) as scikit-learn's GradientBoosting classes do it: each small tree is grown on what the
 * loss's gradient has left, its leaves take one Newton step, and a share of them is added. Nothing is drawn: the same rows
 * give the same model.
 */
public final class Boosting {
    private final double[] start;
    /** rounds x outputs */
    private final Tree[][] trees;

    private final double learningRate;

    private Boosting(double[] start, Tree[][] trees, double learningRate) {
        this.start = start;
        this.trees = trees;
        this.learningRate = learningRate;
    }

    /**
     * How much is learned; the defaults are scikit-learn's.
     *
     * @param rounds trees, or with more than two classes so many for each class
     * @param depth of each tree
     * @param learningRate share of each tree that is added
     */
    public record Options(int rounds, int depth, double learningRate) {
        private static final Options DEFAULTS = new Options(100, 3, 0.1);

        public Options {
            if (rounds < 1 || depth < 1 || !(learningRate > 0)) {
                throw new InputException(
                        "Boosting takes one round or more, a depth of 1 or more and a learning rate greater than 0.");
            }
        }

        public static Options defaults() {
            return DEFAULTS;
        }
    }

    /**
     * For two classes one score, the second's log odds; for more a score each.
     *
     * @param labels of the rows, 0 to classes - 1; each occurs
     */
    public static Boosting classes(double[][] rows, int[] labels, int classes, Options options) {
        var shares = new double[classes];
        for (int label : labels) {
            shares[label] += 1.0 / labels.length;
        }
        double[] start = classes == 2
                ? new double[] {Math.log(shares[1] / shares[0])}
                : Arrays.stream(shares).map(Math::log).toArray();
        return fit(rows, start, options, classes == 2 ? new Logistic(labels) : new Multinomial(labels, classes));
    }

    /** For numbers, by squared error. */
    public static Boosting numbers(double[][] rows, double[] targets, Options options) {
        double mean = Arrays.stream(targets).average().orElse(0);
        return fit(rows, new double[] {mean}, options, new SquaredError(targets));
    }

    private static Boosting fit(double[][] rows, double[] start, Options options, Loss loss) {
        int columns = Rows.requireFinite(rows, 1);
        var bins = Bins.of(rows);
        var once = new int[rows.length];
        Arrays.fill(once, 1);
        var growth = new Growth(options.depth(), 1, columns);
        var nothingDrawn = new SplittableRandom(0);
        var scores = new double[start.length][rows.length];
        for (int k = 0; k < start.length; k++) {
            Arrays.fill(scores[k], start[k]);
        }
        var trees = new Tree[options.rounds()][start.length];
        for (int round = 0; round < trees.length; round++) {
            double[][] residuals = loss.residuals(scores); // of all outputs, before any is changed
            for (int k = 0; k < start.length; k++) {
                var target = new Residuals(residuals[k], loss, k);
                Tree tree = TreeGrower.grow(bins, target, once, growth, nothingDrawn);
                trees[round][k] = tree;
                double[] own = scores[k];
                IntStream.range(0, rows.length)
                        .parallel()
                        .forEach(row -> own[row] += options.learningRate() * tree.value(rows[row])[0]);
            }
        }
        return new Boosting(start, trees, options.learningRate());
    }

    /** rows x outputs */
    public double[][] scores(double[][] rows) {
        return Arrays.stream(rows).parallel().map(this::score).toArray(double[][]::new);
    }

    private double[] score(double[] row) {
        double[] scores = start.clone();
        for (Tree[] round : trees) {
            for (int k = 0; k < scores.length; k++) {
                scores[k] += learningRate * round[k].value(row)[0];
            }
        }
        return scores;
    }

    /** How many numbers the trees hold. */
    public long size() {
        return Arrays.stream(trees)
                .flatMap(Arrays::stream)
                .mapToLong(Tree::numbers)
                .sum();
    }

    private interface Loss {
        /** The negative gradient by output and row, at scores by output and row. */
        double[][] residuals(double[][] scores);

        /** The second derivative of a row's loss, told by its residual. */
        double curvature(double residual, int row, int output);

        /** What a leaf's Newton step is multiplied by. */
        double scale();
    }

    private static final class Residuals implements Target {
        private final double[] residuals;
        private final Loss loss;
        private final int output;

        Residuals(double[] residuals, Loss loss, int output) {
            this.residuals = residuals;
            this.loss = loss;
            this.output = output;
        }

        @Override
        public int outputs() {
            return 1;
        }

        @Override
        public void add(int row, double weight, double[] sums, int at) {
            sums[at] += weight * residuals[row];
        }

        @Override
        public double[] leaf(int[] rows, int from, int to) {
            double sum = 0;
            double curved = 0;
            for (int i = from; i < to; i++) {
                sum += residuals[rows[i]];
                curved += loss.curvature(residuals[rows[i]], rows[i], output);
            }
            return new double[] {Math.abs(curved) < 1e-150 ? 0 : loss.scale() * sum / curved};
        }
    }

    private static final class Logistic implements Loss {
        private final int[] labels;

        Logistic(int[] labels) {
            this.labels = labels;
        }

        @Override
        public double[][] residuals(double[][] scores) {
            return new double[][] {
                IntStream.range(0, labels.length)
                        .mapToDouble(row -> labels[row] - 1 / (1 + Math.exp(-scores[0][row])))
                        .toArray()
            };
        }

        @Override
        public double curvature(double residual, int row, int output) {
            double p = labels[row] - residual;
            return p * (1 - p);
        }

        @Override
        public double scale() {
            return 1;
        }
    }

    private static final class Multinomial implements Loss {
        private final int[] labels;
        private final int classes;

        Multinomial(int[] labels, int classes) {
            this.labels = labels;
            this.classes = classes;
        }

        @Override
        public double[][] residuals(double[][] scores) {
            var residuals = new double[classes][labels.length];
            for (int row = 0; row < labels.length; row++) {
                double largest = Double.NEGATIVE_INFINITY;
                for (double[] score : scores) {
                    largest = Math.max(largest, score[row]);
                }
                double sum = 0;
                for (int k = 0; k < classes; k++) {
                    residuals[k][row] = Math.exp(scores[k][row] - largest);
                    sum += residuals[k][row];
                }
                for (int k = 0; k < classes; k++) {
                    residuals[k][row] = (labels[row] == k ? 1 : 0) - residuals[k][row] / sum;
                }
            }
            return residuals;
        }

        @Override
        public double curvature(double residual, int row, int output) {
            double p = (labels[row] == output ? 1 : 0) - residual;
            return p * (1 - p);
        }

        /** Friedman's, for scores of which only the differences matter. */
        @Override
        public double scale() {
            return (classes - 1.0) / classes;
        }
    }

    private static final class SquaredError implements Loss {
        private final double[] targets;

        SquaredError(double[] targets) {
            this.targets = targets;
        }

        @Override
        public double[][] residuals(double[][] scores) {
            return new double[][] {
                IntStream.range(0, targets.length)
                        .mapToDouble(row -> targets[row] - scores[0][row])
                        .toArray()
            };
        }

        @Override
        public double curvature(double residual, int row, int output) {
            return 1;
        }

        @Override
        public double scale() {
            return 1;
        }
    }
}
