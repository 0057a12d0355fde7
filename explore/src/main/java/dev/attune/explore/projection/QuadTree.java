package dev.attune.explore.projection;

import java.util.Arrays;

/**
 * Points of a plane in nested squares, each with the mean of its points: from afar a square stands for all of them
 * (Barnes and Hut 1986). Built anew in each iteration, in the same arrays.
 */
final class QuadTree {
    private static final int NONE = -1;
    /** Equal points would be divided for ever; deeper than this, a square counts as one point. */
    private static final int DEEPEST = 48;

    private final double[] x;
    private final double[] y;

    private int cells;
    /** Four for each cell; NONE where there is none. */
    private int[] children;

    private int[] counts;
    private double[] sumX;
    private double[] sumY;
    private double[] centerX;
    private double[] centerY;
    private double[] halfWidth;
    /** The first point of a leaf, where all its points are; NONE where the cell is divided or empty. */
    private int[] pointOf;

    /** @param x is read again by each {@link #build} */
    QuadTree(double[] x, double[] y) {
        this.x = x;
        this.y = y;
        int capacity = 4 * x.length + 16;
        children = new int[4 * capacity];
        counts = new int[capacity];
        sumX = new double[capacity];
        sumY = new double[capacity];
        centerX = new double[capacity];
        centerY = new double[capacity];
        halfWidth = new double[capacity];
        pointOf = new int[capacity];
    }

    void build() {
        double minX = Arrays.stream(x).min().orElse(0);
        double maxX = Arrays.stream(x).max().orElse(0);
        double minY = Arrays.stream(y).min().orElse(0);
        double maxY = Arrays.stream(y).max().orElse(0);
        cells = 0;
        double half = Math.max(maxX - minX, maxY - minY) / 2 * (1 + 1e-6) + Double.MIN_NORMAL;
        cell((minX + maxX) / 2, (minY + maxY) / 2, half);
        for (int point = 0; point < x.length; point++) {
            insert(point);
        }
    }

    private int cell(double atX, double atY, double half) {
        if (cells == counts.length) {
            grow();
        }
        Arrays.fill(children, 4 * cells, 4 * cells + 4, NONE);
        counts[cells] = 0;
        sumX[cells] = 0;
        sumY[cells] = 0;
        centerX[cells] = atX;
        centerY[cells] = atY;
        halfWidth[cells] = half;
        pointOf[cells] = NONE;
        return cells++;
    }

    private void grow() {
        int capacity = 2 * counts.length;
        children = Arrays.copyOf(children, 4 * capacity);
        counts = Arrays.copyOf(counts, capacity);
        sumX = Arrays.copyOf(sumX, capacity);
        sumY = Arrays.copyOf(sumY, capacity);
        centerX = Arrays.copyOf(centerX, capacity);
        centerY = Arrays.copyOf(centerY, capacity);
        halfWidth = Arrays.copyOf(halfWidth, capacity);
        pointOf = Arrays.copyOf(pointOf, capacity);
    }

    private void insert(int point) {
        int cell = 0;
        for (int depth = 0; ; depth++) {
            boolean isEmpty = counts[cell] == 0;
            counts[cell]++;
            sumX[cell] += x[point];
            sumY[cell] += y[point];
            if (isEmpty) {
                pointOf[cell] = point;
                return;
            }
            int held = pointOf[cell];
            if (held != NONE) {
                if (depth == DEEPEST || (x[held] == x[point] && y[held] == y[point])) {
                    return;
                }
                handDown(cell, held, counts[cell] - 1);
            }
            cell = child(cell, x[point], y[point]);
        }
    }

    /** Divides a leaf: what it held before, all at one place, goes to the quarter it lies in. */
    private void handDown(int cell, int held, int count) {
        pointOf[cell] = NONE;
        int quarter = child(cell, x[held], y[held]);
        pointOf[quarter] = held;
        counts[quarter] = count;
        sumX[quarter] = count * x[held];
        sumY[quarter] = count * y[held];
    }

    private int child(int cell, double atX, double atY) {
        int right = atX > centerX[cell] ? 1 : 0;
        int upper = atY > centerY[cell] ? 2 : 0;
        int slot = 4 * cell + right + upper;
        if (children[slot] == NONE) {
            double half = halfWidth[cell] / 2;
            int made = cell(
                    centerX[cell] + (right == 0 ? -half : half), centerY[cell] + (upper == 0 ? -half : half), half);
            children[slot] = made; // not in one go: making a cell may replace the array
        }
        return children[slot];
    }

    /** What pushes one point: the force, before it is divided by the normaliser, and the point's share of that. */
    static final class Repulsion {
        double forceX;
        double forceY;
        double normaliser;
        private final int[] stack = new int[4 * DEEPEST + 4];
    }

    /** @param angle a square of at most this width per distance stands for its points */
    void repel(int point, double angle, Repulsion repulsion) {
        double fromX = x[point];
        double fromY = y[point];
        double squaredAngle = angle * angle;
        double forceX = 0;
        double forceY = 0;
        double normaliser = 0;
        int[] stack = repulsion.stack;
        int top = 0;
        stack[top++] = 0;
        while (top > 0) {
            int cell = stack[--top];
            int count = counts[cell];
            int held = pointOf[cell];
            double dx = fromX - (held == NONE ? sumX[cell] / count : x[held]);
            double dy = fromY - (held == NONE ? sumY[cell] / count : y[held]);
            double squared = dx * dx + dy * dy;
            double width = 2 * halfWidth[cell];
            if (held != NONE || width * width < squaredAngle * squared) {
                if (squared == 0) {
                    count--; // the point itself; others at its place push nowhere, but count
                }
                double q = 1 / (1 + squared);
                double weight = count * q;
                normaliser += weight;
                forceX += weight * q * dx;
                forceY += weight * q * dy;
            } else {
                for (int slot = 4 * cell; slot < 4 * cell + 4; slot++) {
                    if (children[slot] != NONE) {
                        stack[top++] = children[slot];
                    }
                }
            }
        }
        repulsion.forceX = forceX;
        repulsion.forceY = forceY;
        repulsion.normaliser = normaliser;
    }
}
