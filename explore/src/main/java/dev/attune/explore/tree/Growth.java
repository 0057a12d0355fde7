package dev.attune.explore.tree;

/**
 * How far a tree grows.
 *
 * @param depth cuts from root to leaf, at most
 * @param leaf rows in a leaf, at least
 * @param columns tried for each cut, drawn anew; more are tried while none of them can be cut
 */
record Growth(int depth, int leaf, int columns) {}
