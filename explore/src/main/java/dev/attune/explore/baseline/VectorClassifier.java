package dev.attune.explore.baseline;

import dev.attune.explore.matrix.SparseRows;

/** A classifier of rows of numbers. */
public interface VectorClassifier {
    /**
     * Fits.
     *
     * @param labels of the rows, 0 to classes - 1; each occurs
     */
    Fitted fit(SparseRows rows, int[] labels, int classes);

    /** A classifier that has been fitted. */
    interface Fitted {
        /** rows x classes, each row adding up to 1. */
        double[][] probabilities(SparseRows rows);

        /** How many numbers it holds. */
        long numbers();
    }
}
