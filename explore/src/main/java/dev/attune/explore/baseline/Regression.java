package dev.attune.explore.baseline;

/** Predicts a number from the columns of a table. */
public interface Regression {
    /** As the command line and the tables have it. */
    String name();

    /**
     * Fits.
     *
     * @param targets of the rows
     */
    Fitted fit(double[][] rows, double[] targets);

    /** A regression that has been fitted. */
    interface Fitted {
        /** One number for each row. */
        double[] predict(double[][] rows);
    }
}
