package dev.attune.explore.tree;

/** What the leaves of a tree are to tell, as sums over rows: splits make what the sums say as uniform as they can. */
interface Target {
    /** How many sums are kept. */
    int outputs();

    /** Adds a row, {@code weight} times, to the sums that begin at {@code at}. */
    void add(int row, double weight, double[] sums, int at);

    /** What a leaf says that holds rows[from] to rows[to - 1]. */
    double[] leaf(int[] rows, int from, int to);
}
