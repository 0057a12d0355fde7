package dev.attune.explore.baseline;

import java.util.List;

/**
 * A classifier that is fitted in one go.
 *
 * @param <X> what a row is: a String, or a double[] of features
 */
public interface Baseline<X> {
    /** As the command line and the tables have it. */
    String name();

    /**
     * Fits.
     *
     * @param labels of the rows, 0 to classes - 1; each occurs
     * @throws dev.attune.files.InputException when nothing can be learned from the rows
     */
    Fitted<X> fit(List<X> rows, int[] labels, int classes);

    /** A baseline that has been fitted. */
    interface Fitted<X> {
        /** rows x classes, each row adding up to 1. */
        double[][] probabilities(List<X> rows);

        /** How many numbers it holds, of 8 bytes each. */
        long numbers();
    }
}
