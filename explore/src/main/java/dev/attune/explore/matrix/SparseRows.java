package dev.attune.explore.matrix;

import java.util.Arrays;

/**
 * Rows of which only the entries that are not zero are kept (compressed sparse rows). Linear models read dense rows
 * through it too: {@link #of}.
 */
public final class SparseRows {
    private final int columns;
    /** The entries of row r stand at starts[r] to starts[r + 1]. */
    private final int[] starts;

    private final int[] columnOf;
    private final double[] valueOf;

    private SparseRows(int columns, int[] starts, int[] columnOf, double[] valueOf) {
        this.columns = columns;
        this.starts = starts;
        this.columnOf = columnOf;
        this.valueOf = valueOf;
    }

    /** Dense rows of equal length; zeros are left out. */
    public static SparseRows of(double[][] rows) {
        var builder = new Builder(rows.length == 0 ? 0 : rows[0].length, rows.length);
        for (double[] row : rows) {
            for (int column = 0; column < row.length; column++) {
                if (row[column] != 0) {
                    builder.add(column, row[column]);
                }
            }
            builder.endRow();
        }
        return builder.build();
    }

    public int size() {
        return starts.length - 1;
    }

    public int columns() {
        return columns;
    }

    /** The index of the row's first entry; its last is before that of {@code row + 1}. */
    public int start(int row) {
        return starts[row];
    }

    public int column(int entry) {
        return columnOf[entry];
    }

    public double value(int entry) {
        return valueOf[entry];
    }

    /**
     * Adds row times weights to scores.
     *
     * @param weights columns x outputs, by column
     * @param scores one for each output
     */
    public void addProduct(int row, double[] weights, double[] scores) {
        int outputs = scores.length;
        for (int entry = starts[row]; entry < starts[row + 1]; entry++) {
            int at = columnOf[entry] * outputs;
            double value = valueOf[entry];
            for (int output = 0; output < outputs; output++) {
                scores[output] += value * weights[at + output];
            }
        }
    }

    /**
     * Adds the row's outer product with factors to gradient.
     *
     * @param factors one for each output
     * @param gradient columns x outputs, by column
     */
    public void addOuterProduct(int row, double[] factors, double[] gradient) {
        int outputs = factors.length;
        for (int entry = starts[row]; entry < starts[row + 1]; entry++) {
            int at = columnOf[entry] * outputs;
            double value = valueOf[entry];
            for (int output = 0; output < outputs; output++) {
                gradient[at + output] += value * factors[output];
            }
        }
    }

    /** These rows of it, in this order. */
    public SparseRows select(int[] rows) {
        var builder = new Builder(columns, rows.length);
        for (int row : rows) {
            for (int entry = starts[row]; entry < starts[row + 1]; entry++) {
                builder.add(columnOf[entry], valueOf[entry]);
            }
            builder.endRow();
        }
        return builder.build();
    }

    /** Takes rows one after the other. */
    public static final class Builder {
        private final int columns;
        private final int[] starts;
        private int rows;
        private int entries;
        private int[] columnOf = new int[64];
        private double[] valueOf = new double[64];

        public Builder(int columns, int rows) {
            this.columns = columns;
            starts = new int[rows + 1];
        }

        /** An entry of the row that is open. */
        public void add(int column, double value) {
            if (entries == columnOf.length) {
                columnOf = Arrays.copyOf(columnOf, entries * 2);
                valueOf = Arrays.copyOf(valueOf, entries * 2);
            }
            columnOf[entries] = column;
            valueOf[entries++] = value;
        }

        /** Closes the row, its values multiplied so that their squares sum to 1; one without entries stays. */
        public void endRowWithUnitLength() {
            double squares = 0;
            for (int entry = starts[rows]; entry < entries; entry++) {
                squares += valueOf[entry] * valueOf[entry];
            }
            double length = Math.sqrt(squares);
            for (int entry = starts[rows]; entry < entries; entry++) {
                valueOf[entry] /= length;
            }
            endRow();
        }

        public void endRow() {
            starts[++rows] = entries;
        }

        public SparseRows build() {
            if (rows != starts.length - 1) {
                throw new IllegalStateException(rows + " rows were closed of " + (starts.length - 1));
            }
            return new SparseRows(columns, starts, Arrays.copyOf(columnOf, entries), Arrays.copyOf(valueOf, entries));
        }
    }
}
