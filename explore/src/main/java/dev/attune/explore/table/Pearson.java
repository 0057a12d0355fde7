package dev.attune.explore.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Pearson's coefficients of the columns of numbers of a table, computed where the table stands. Columns without gaps are
 * centred once, so that a pair costs a multiplication for each row; where there are gaps each pair has means of its own.
 */
final class Pearson {
    private static final int PAIRS_A_QUERY = 200;

    private final Table table;
    /** Of the columns that have no gaps and vary. */
    private final TreeMap<Integer, Double> means = new TreeMap<>();

    private record Pair(int a, int b) {}

    private Pearson(Table table) {
        this.table = table;
    }

    /**
     * Each of the columns with each, those before {@code columns[a]} and itself in row {@code a}.
     *
     * @return lower triangle, NaN where one of the two does not vary
     */
    static double[][] of(Table table, List<String> columns) {
        return new Pearson(table)
                .coefficients(columns.stream().map(table::index).toList());
    }

    private double[][] coefficients(List<Integer> columns) {
        center(columns);
        double[][] r = new double[columns.size()][columns.size()];
        var centred = new ArrayList<Pair>();
        var others = new ArrayList<Pair>();
        for (int a = 0; a < columns.size(); a++) {
            for (int b = 0; b <= a; b++) {
                boolean both = means.containsKey(columns.get(a)) && means.containsKey(columns.get(b));
                (both ? centred : others).add(new Pair(a, b));
            }
        }
        fill(r, others, pair -> "corr(x" + columns.get(pair.a) + ", x" + columns.get(pair.b) + ")");
        fill(
                r,
                centred,
                pair -> "sum(" + deviation(columns.get(pair.a)) + " * " + deviation(columns.get(pair.b)) + ")");
        double[] squares = new double[columns.size()];
        Arrays.setAll(squares, c -> r[c][c]);
        centred.forEach(pair -> r[pair.a][pair.b] /= Math.sqrt(squares[pair.a]) * Math.sqrt(squares[pair.b]));
        return r;
    }

    private void center(List<Integer> columns) {
        for (var chunk : Sql.chunks(columns)) {
            String figures =
                    Sql.each(chunk, i -> "count(x#), min(x#) < max(x#), favg(x#)".replace("#", Integer.toString(i)));
            table.sql().one("SELECT " + figures + " FROM loaded", row -> {
                for (int k = 0; k < chunk.size(); k++) {
                    if (row.getLong(3 * k + 1) == table.rows() && row.getBoolean(3 * k + 2)) {
                        means.put(chunk.get(k), row.getDouble(3 * k + 3));
                    }
                }
                return means;
            });
        }
    }

    private String deviation(int column) {
        return "(x" + column + " - '" + means.get(column) + "'::DOUBLE)";
    }

    private void fill(double[][] r, List<Pair> pairs, Function<Pair, String> figure) {
        for (int from = 0; from < pairs.size(); from += PAIRS_A_QUERY) {
            var some = pairs.subList(from, Math.min(from + PAIRS_A_QUERY, pairs.size()));
            String figures = some.stream().map(figure).collect(Collectors.joining(", "));
            table.sql().one("SELECT " + figures + " FROM loaded", row -> {
                for (int k = 0; k < some.size(); k++) {
                    r[some.get(k).a][some.get(k).b] = row.getObject(k + 1) == null ? Double.NaN : row.getDouble(k + 1);
                }
                return r;
            });
        }
    }
}
