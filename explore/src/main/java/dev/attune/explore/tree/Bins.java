package dev.attune.explore.tree;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Columns cut into at most 256 bins each, so that a split is found by counting instead of sorting (as LightGBM and
 * scikit-learn's histogram trees do). Between few distinct values there is a cut each; between many, bins of like size.
 */
final class Bins {
    private static final int MOST = 256;

    private final double[][] rows;

    /** By column, rising; a value is in the first bin whose cut it does not exceed, or in the last. */
    private final double[][] cuts;

    /** Column by column, the bin of each row. */
    private final byte[][] codes;

    private Bins(double[][] rows, double[][] cuts, byte[][] codes) {
        this.rows = rows;
        this.cuts = cuts;
        this.codes = codes;
    }

    static Bins of(double[][] rows) {
        int columns = rows[0].length;
        var cuts = new double[columns][];
        var codes = new byte[columns][];
        IntStream.range(0, columns).parallel().forEach(column -> {
            double[] values =
                    Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
            cuts[column] = cuts(values.clone());
            codes[column] = codes(values, cuts[column]);
        });
        return new Bins(rows, cuts, codes);
    }

    private static double[] cuts(double[] values) {
        Arrays.sort(values);
        double[] distinct = Arrays.stream(values).distinct().toArray();
        if (distinct.length <= MOST) {
            return IntStream.range(1, distinct.length)
                    .mapToDouble(i -> between(distinct[i - 1], distinct[i]))
                    .toArray();
        }
        return IntStream.range(1, MOST)
                .map(bin -> (int) ((long) values.length * bin / MOST))
                .filter(at -> values[at - 1] < values[at])
                .mapToDouble(at -> between(values[at - 1], values[at]))
                .toArray();
    }

    /** In the middle, but at least {@code low} and less than {@code high}. */
    static double between(double low, double high) {
        double middle = low + (high - low) / 2;
        return middle < high ? middle : low;
    }

    private static byte[] codes(double[] values, double[] cuts) {
        var codes = new byte[values.length];
        for (int row = 0; row < codes.length; row++) {
            int found = Arrays.binarySearch(cuts, values[row]);
            codes[row] = (byte) (found >= 0 ? found : -found - 1);
        }
        return codes;
    }

    int columns() {
        return cuts.length;
    }

    int bins(int column) {
        return cuts[column].length + 1;
    }

    double value(int column, int row) {
        return rows[row][column];
    }

    int bin(int column, int row) {
        return codes[column][row] & 0xff;
    }
}
