/**
 * Rows that are unlike the others.
 */
@NullMarked
package dev.attune.explore.outlier;

import org.jspecify.annotations.NullMarked;
