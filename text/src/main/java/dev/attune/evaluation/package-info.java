/**
 * Metrics of a classifier with bootstrap confidence intervals, under scikit-learn's names.
 */
@NullMarked
package dev.attune.evaluation;

import org.jspecify.annotations.NullMarked;
