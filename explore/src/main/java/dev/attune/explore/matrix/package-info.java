/**
 * Rows of numbers: sparse and dense, their distances and nearest neighbours.
 */
@NullMarked
package dev.attune.explore.matrix;

import org.jspecify.annotations.NullMarked;
