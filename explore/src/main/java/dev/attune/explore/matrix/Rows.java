package dev.attune.explore.matrix;

import dev.attune.files.InputException;
import java.util.Arrays;

/** Dense rows of numbers, rows x columns. */
public final class Rows {
    private Rows() {}

    /** Embeddings as rows. */
    public static double[][] of(float[][] embeddings) {
        return Arrays.stream(embeddings).map(Rows::widened).toArray(double[][]::new);
    }

    private static double[] widened(float[] row) {
        var wide = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            wide[i] = row[i];
        }
        return wide;
    }

    /**
     * The number of columns.
     *
     * @throws InputException when there are fewer rows than {@code least}, they differ in length, or a value is not finite
     */
    public static int requireFinite(double[][] rows, int least) {
        if (rows.length < least) {
            throw new InputException("There are " + rows.length + " rows; at least " + least + " are needed.");
        }
        int columns = rows[0].length;
        for (int r = 0; r < rows.length; r++) {
            double[] row = rows[r];
            if (row.length != columns || columns == 0) {
                throw new InputException(
                        "Row " + (r + 1) + " has " + row.length + " columns; the first has " + columns + ".");
            }
            for (int c = 0; c < columns; c++) {
                if (!Double.isFinite(row[c])) {
                    throw new InputException("Column " + (c + 1) + " of row " + (r + 1) + " is " + row[c]
                            + "; fill in or leave out what is missing.");
                }
            }
        }
        return columns;
    }

    /** The mean of each column. */
    public static double[] means(double[][] rows) {
        var means = new double[rows[0].length];
        for (double[] row : rows) {
            for (int c = 0; c < means.length; c++) {
                means[c] += row[c];
            }
        }
        for (int c = 0; c < means.length; c++) {
            means[c] /= rows.length;
        }
        return means;
    }

    public static double squaredDistance(double[] a, double[] b) {
        // Four sums side by side: one alone would wait for itself at each step.
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            double d0 = a[i] - b[i];
            double d1 = a[i + 1] - b[i + 1];
            double d2 = a[i + 2] - b[i + 2];
            double d3 = a[i + 3] - b[i + 3];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        for (; i < a.length; i++) {
            double d = a[i] - b[i];
            s0 += d * d;
        }
        return s0 + s1 + s2 + s3;
    }
}
