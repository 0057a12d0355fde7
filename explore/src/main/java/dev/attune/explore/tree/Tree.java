package dev.attune.explore.tree;

import java.util.Arrays;

/** A grown tree. Node 0 is the root; the children of node i, if it is cut, are nodes below[i] and below[i] + 1. */
final class Tree {
    private static final int LEAF = -1;

    private int nodes = 0;
    private int[] columns = new int[16];
    private double[] cuts = new double[16];
    private int[] below = new int[16];
    private double[][] values = new double[16][];
    private long numbers;

    /** Two leaves to be, one behind the other; the root is one alone. */
    int add(int count) {
        int first = nodes;
        nodes += count;
        if (nodes > columns.length) {
            int capacity = 2 * columns.length;
            columns = Arrays.copyOf(columns, capacity);
            cuts = Arrays.copyOf(cuts, capacity);
            below = Arrays.copyOf(below, capacity);
            values = Arrays.copyOf(values, capacity);
        }
        Arrays.fill(columns, first, nodes, LEAF);
        return first;
    }

    void cut(int node, int column, double cut, int children) {
        columns[node] = column;
        cuts[node] = cut;
        below[node] = children;
        numbers += 2;
    }

    void value(int node, double[] value) {
        values[node] = value;
        numbers += value.length;
    }

    /** What the leaf says that the row comes to. */
    double[] value(double[] row) {
        int node = 0;
        while (columns[node] != LEAF) {
            node = below[node] + (row[columns[node]] <= cuts[node] ? 0 : 1);
        }
        return values[node];
    }

    long numbers() {
        return numbers;
    }
}
