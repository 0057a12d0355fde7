package dev.attune.explore.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of numbers of a table go together, pair by pair over the rows where both are there, as pandas'
 * {@code corr} has it. {@code null} where one of the two does not vary.
 *
 * @param pearson linear, over all rows; symmetric
 * @param spearman of the ranks, equal values sharing the average of theirs; symmetric
 * @param spearmanRows the rows that the ranks were taken of: all, or as many drawn
 */
public record Correlations(
        List<String> columns,
        List<List<@Nullable Double>> pearson,
        List<List<@Nullable Double>> spearman,
        long spearmanRows) {
    /** Ranks of more rows would change the third digit only. */
    private static final int RANKED_ROWS = 100_000;

    /** Two columns and how they go together. */
    public record Pair(
            String a,
            String b,
            @Nullable Double pearson,
            @Nullable Double spearman) {
        double strength() {
            return Math.max(pearson == null ? 0 : Math.abs(pearson), spearman == null ? 0 : Math.abs(spearman));
        }
    }

    public Correlations {
        columns = List.copyOf(columns);
    }

    /** Of all columns of numbers. */
    public static Correlations of(Table table) {
        var columns = table.numeric();
        double[][] linear = new double[columns.size()][columns.size()];
        double[][] ranked = new double[columns.size()][columns.size()];
        if (!columns.isEmpty()) {
            double[][] found = Pearson.of(table, columns);
            for (int a = 0; a < found.length; a++) {
                for (int b = 0; b <= a; b++) {
                    set(linear, a, b, found[a][b]);
                }
            }
            ofRanks(table.numbers(columns, RANKED_ROWS), ranked);
        }
        return new Correlations(columns, frozen(linear), frozen(ranked), Math.min(table.rows(), RANKED_ROWS));
    }

    /** All pairs, those that go together most first. */
    public List<Pair> pairs() {
        var pairs = new ArrayList<Pair>();
        for (int a = 0; a < columns.size(); a++) {
            for (int b = a + 1; b < columns.size(); b++) {
                pairs.add(new Pair(
                        columns.get(a),
                        columns.get(b),
                        pearson.get(a).get(b),
                        spearman.get(a).get(b)));
            }
        }
        pairs.sort(Comparator.comparingDouble(Pair::strength).reversed());
        return pairs;
    }

    private static void ofRanks(double[][] rows, double[][] matrix) {
        var values = IntStream.range(0, matrix.length)
                .mapToObj(c -> Arrays.stream(rows).mapToDouble(row -> row[c]).toArray())
                .toList();
        // Ranks hold for the rows they were taken of: a column without gaps is ranked once, others anew for each pair.
        var ranks = values.stream()
                .map(column -> Arrays.stream(column).anyMatch(Double::isNaN) ? null : ranks(column))
                .toList();
        for (int a = 0; a < matrix.length; a++) {
            for (int b = 0; b <= a; b++) {
                double[] x = ranks.get(a);
                double[] y = ranks.get(b);
                if (x == null || y == null) {
                    double[] first = values.get(a);
                    double[] second = values.get(b);
                    int[] common = IntStream.range(0, rows.length)
                            .filter(r -> !Double.isNaN(first[r]) && !Double.isNaN(second[r]))
                            .toArray();
                    x = ranks(Arrays.stream(common).mapToDouble(r -> first[r]).toArray());
                    y = ranks(Arrays.stream(common).mapToDouble(r -> second[r]).toArray());
                }
                set(matrix, a, b, linear(x, y));
            }
        }
    }

    /** From 1; equal values share the average of their ranks. */
    static double[] ranks(double[] values) {
        // + 0.0: minus zero is zero, which sorting and searching would tell apart.
        double[] sorted = Arrays.stream(values).map(v -> v + 0.0).sorted().toArray();
        double[] unique = new double[sorted.length];
        double[] rank = new double[sorted.length];
        int n = 0;
        for (int from = 0, to; from < sorted.length; from = to) {
            for (to = from + 1; to < sorted.length && sorted[to] == sorted[from]; ) {
                to++;
            }
            unique[n] = sorted[from];
            rank[n++] = (from + 1 + to) / 2.0;
        }
        int different = n;
        return Arrays.stream(values)
                .map(v -> rank[Arrays.binarySearch(unique, 0, different, v + 0.0)])
                .toArray();
    }

    /** Pearson's coefficient, or NaN where one does not vary. */
    private static double linear(double[] x, double[] y) {
        double meanX = Arrays.stream(x).average().orElse(Double.NaN);
        double meanY = Arrays.stream(y).average().orElse(Double.NaN);
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int r = 0; r < x.length; r++) {
            xy += (x[r] - meanX) * (y[r] - meanY);
            xx += (x[r] - meanX) * (x[r] - meanX);
            yy += (y[r] - meanY) * (y[r] - meanY);
        }
        return xy / Math.sqrt(xx * yy);
    }

    private static void set(double[][] matrix, int a, int b, double r) {
        // Rounding leads a hair beyond 1.
        double within = Math.max(-1, Math.min(1, r));
        matrix[a][b] = within;
        matrix[b][a] = within;
    }

    private static List<List<@Nullable Double>> frozen(double[][] matrix) {
        var rows = new ArrayList<List<@Nullable Double>>();
        for (double[] row : matrix) {
            var values = new ArrayList<@Nullable Double>();
            for (double r : row) {
                values.add(Double.isNaN(r) ? null : Double.valueOf(r));
            }
            rows.add(Collections.unmodifiableList(values));
        }
        return Collections.unmodifiableList(rows);
    }
}
