package dev.attune.explore.tree;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Grows a tree of cuts that each lower the target's variance most; for one sum a class that is the Gini impurity (Breiman et
 * al. 1984).
 */
final class TreeGrower {
    /** A cut has to bring more than rounding does. */
    private static final double LEAST_GAIN = 1e-12;

    private final Bins bins;
    private final Target target;
    /** How often each row counts; 0 leaves it out. */
    private final int[] weights;

    private final Growth growth;
    private final SplittableRandom random;
    /** Of one column at a time: the weight and the sums of each bin. */
    private final double[] histogram;

    private final int[] columnOrder;
    private final int[] rows;
    private final Tree tree = new Tree();

    private TreeGrower(Bins bins, Target target, int[] weights, Growth growth, SplittableRandom random) {
        this.bins = bins;
        this.target = target;
        this.weights = weights;
        this.growth = growth;
        this.random = random;
        columnOrder = IntStream.range(0, bins.columns()).toArray();
        int most = Arrays.stream(columnOrder).map(bins::bins).max().orElse(1);
        histogram = new double[most * (target.outputs() + 1)];
        rows = IntStream.range(0, weights.length)
                .filter(row -> weights[row] > 0)
                .toArray();
    }

    static Tree grow(Bins bins, Target target, int[] weights, Growth growth, SplittableRandom random) {
        var grower = new TreeGrower(bins, target, weights, growth, random);
        grower.grow(grower.tree.add(1), 0, grower.rows.length, 0);
        return grower.tree;
    }

    /** Makes a node of rows[from] to rows[to - 1], and those below it. */
    private void grow(int node, int from, int to, int depth) {
        Cut cut = depth < growth.depth() ? best(from, to) : null;
        if (cut == null) {
            tree.value(node, target.leaf(rows, from, to));
            return;
        }
        int children = tree.add(2);
        int middle = partition(from, to, cut);
        tree.cut(node, cut.column, between(cut.column, from, middle, to), children);
        grow(children, from, middle, depth + 1);
        grow(children + 1, middle, to, depth + 1);
    }

    private record Cut(int column, int bin, double gain) {}

    private @Nullable Cut best(int from, int to) {
        int outputs = target.outputs();
        var total = new double[outputs + 1];
        for (int i = from; i < to; i++) {
            total[0] += weights[rows[i]];
            target.add(rows[i], weights[rows[i]], total, 1);
        }
        if (total[0] < 2.0 * growth.leaf()) {
            return null;
        }
        Cut best = null;
        for (int tried = 0; tried < columnOrder.length && (tried < growth.columns() || best == null); tried++) {
            if (growth.columns() < columnOrder.length) {
                int drawn = tried + random.nextInt(columnOrder.length - tried);
                int column = columnOrder[drawn];
                columnOrder[drawn] = columnOrder[tried];
                columnOrder[tried] = column;
            }
            Cut cut = best(columnOrder[tried], from, to, total);
            if (cut != null && (best == null || cut.gain > best.gain)) {
                best = cut;
            }
        }
        return best;
    }

    private @Nullable Cut best(int column, int from, int to, double[] total) {
        int width = total.length;
        int bins = this.bins.bins(column);
        Arrays.fill(histogram, 0, bins * width, 0);
        for (int i = from; i < to; i++) {
            int row = rows[i];
            int at = this.bins.bin(column, row) * width;
            histogram[at] += weights[row];
            target.add(row, weights[row], histogram, at + 1);
        }
        double whole = spread(total, total, 0);
        var left = new double[width];
        double most = LEAST_GAIN * Math.max(1, Math.abs(whole));
        int bestBin = -1;
        for (int bin = 0; bin < bins - 1; bin++) {
            if (histogram[bin * width] == 0) {
                continue;
            }
            for (int i = 0; i < width; i++) {
                left[i] += histogram[bin * width + i];
            }
            if (left[0] < growth.leaf() || total[0] - left[0] < growth.leaf()) {
                continue;
            }
            double gain = spread(left, left, 0) + spread(total, left, -1) - whole;
            if (gain > most) {
                most = gain;
                bestBin = bin;
            }
        }
        return bestBin < 0 ? null : new Cut(column, bestBin, most);
    }

    /** Squared sums over weight of a, or where {@code sign} is -1 of a - b. */
    private static double spread(double[] a, double[] b, int sign) {
        double squares = 0;
        for (int k = 1; k < a.length; k++) {
            double sum = a[k] + sign * b[k];
            squares += sum * sum;
        }
        return squares / (a[0] + sign * b[0]);
    }

    /** Rows up to the cut before the others, each side in its order; gives where the others begin. */
    private int partition(int from, int to, Cut cut) {
        var above = new int[to - from];
        int kept = from;
        int moved = 0;
        for (int i = from; i < to; i++) {
            if (bins.bin(cut.column, rows[i]) <= cut.bin) {
                rows[kept++] = rows[i];
            } else {
                above[moved++] = rows[i];
            }
        }
        System.arraycopy(above, 0, rows, kept, moved);
        return kept;
    }

    /** The middle of the gap that the node's own rows leave. */
    private double between(int column, int from, int middle, int to) {
        double low = Double.NEGATIVE_INFINITY;
        for (int i = from; i < middle; i++) {
            low = Math.max(low, bins.value(column, rows[i]));
        }
        double high = Double.POSITIVE_INFINITY;
        for (int i = middle; i < to; i++) {
            high = Math.min(high, bins.value(column, rows[i]));
        }
        return Bins.between(low, high);
    }
}
