package dev.attune.explore.table;

import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Brings columns of numbers to a like scale: {@code (x - center) / scale}, column by column, with the figures that the
 * training rows gave. The same as scikit-learn's scalers of these names: missing values (NaN) are left out of the figures
 * and stay missing, and a column that does not vary is only centered.
 *
 * @param columns in the order of the rows' columns
 */
public record Scaler(Method method, List<Column> columns) {
    /** What the center and the scale are. */
    public enum Method {
        /** Mean and standard deviation (of the population, ddof 0). */
        STANDARD,
        /** Least value and range: training rows come to lie in [0, 1]. */
        MIN_MAX,
        /** Median and distance of the quartiles, which outliers do not move. */
        ROBUST
    }

    /** Of one column; both are NaN where it has no values, and {@code scale} is never 0. */
    public record Column(double center, double scale) {
        private static final Column UNKNOWN = new Column(Double.NaN, Double.NaN);

        private static Column fit(Method method, double[] values) {
            if (values.length == 0) {
                return UNKNOWN;
            }
            Arrays.sort(values);
            double center = switch (method) {
                case STANDARD -> mean(values);
                case MIN_MAX -> values[0];
                case ROBUST -> Quantiles.ofSorted(values, 0.5);
            };
            double spread = switch (method) {
                case STANDARD -> deviation(values, center);
                case MIN_MAX -> values[values.length - 1] - values[0];
                case ROBUST -> Quantiles.ofSorted(values, 0.75) - Quantiles.ofSorted(values, 0.25);
            };
            // Rounding leaves a spread where all values are equal.
            boolean constant = spread < 10 * Math.ulp(Math.abs(center));
            return new Column(center, constant ? 1 : spread);
        }
    }

    public Scaler {
        columns = List.copyOf(columns);
    }

    /**
     * A scaler for rows of as many columns as these.
     *
     * @param rows (rows, columns), one row at least
     * @throws InputException when there are no rows, or they are not of one length
     */
    public static Scaler fit(Method method, double[][] rows) {
        if (rows.length == 0) {
            throw new InputException("A scaler needs one row at least.");
        }
        return new Scaler(
                method,
                IntStream.range(0, rows[0].length)
                        .mapToObj(c -> Column.fit(method, present(rows, c)))
                        .toList());
    }

    /** The rows scaled, as new arrays. */
    public double[][] transform(double[][] rows) {
        return each(rows, (x, column) -> (x - column.center) / column.scale);
    }

    /** The rows that {@link #transform} made these of. */
    public double[][] inverse(double[][] rows) {
        return each(rows, (x, column) -> x * column.scale + column.center);
    }

    private interface Step {
        double apply(double x, Column column);
    }

    private double[][] each(double[][] rows, Step step) {
        double[][] out = new double[rows.length][];
        for (int r = 0; r < rows.length; r++) {
            requireColumns(rows[r], r, columns.size());
            out[r] = new double[columns.size()];
            for (int c = 0; c < columns.size(); c++) {
                out[r][c] = step.apply(rows[r][c], columns.get(c));
            }
        }
        return out;
    }

    private static double[] present(double[][] rows, int column) {
        double[] values = new double[rows.length];
        int n = 0;
        for (int r = 0; r < rows.length; r++) {
            requireColumns(rows[r], r, rows[0].length);
            if (!Double.isNaN(rows[r][column])) {
                values[n++] = rows[r][column];
            }
        }
        return Arrays.copyOf(values, n);
    }

    private static void requireColumns(double[] row, int r, int columns) {
        if (row.length != columns) {
            throw new InputException(
                    "Row " + (r + 1) + " has " + row.length + " columns, but the scaler is for " + columns + ".");
        }
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    private static double deviation(double[] values, double mean) {
        return Math.sqrt(Arrays.stream(values)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElse(Double.NaN));
    }
}
