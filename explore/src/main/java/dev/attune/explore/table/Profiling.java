package dev.attune.explore.table;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The queries behind a {@link TableProfile}. */
final class Profiling {
    private static final int VALUES_SHOWN = 10;
    /** Numbers of no more different values than this are listed as categories are. */
    private static final int FEW = 20;

    private static final double IQR_FENCE = 1.5;
    private static final double Z_FENCE = 3;
    private static final int MOST_COLUMNS = 50;
    private static final long VALUES_HELD = 1L << 26;

    private final Table table;
    private final Sql sql;
    private final List<Integer> all;
    private final List<Integer> numeric;

    Profiling(Table table) {
        this.table = table;
        sql = table.sql();
        all = Sql.upTo(table.columns().size());
        numeric = all.stream()
                .filter(i -> table.columns().get(i).kind().isNumeric())
                .toList();
    }

    TableProfile profile() {
        var numbers = numbers();
        var counts = counts();
        long[] distinct = distinct();
        var columns = new ArrayList<ColumnProfile>();
        for (int i : all) {
            long missing = table.rows() - counts.get(i);
            var gaps = table.gaps(i);
            long empty = missing - gaps.missing() - gaps.oddCount();
            var spellings = new ArrayList<>(gaps.missingAs());
            if (empty > 0) {
                spellings.add(0, new ValueCount("", empty));
            }
            boolean listed = !numbers.containsKey(i) || distinct[i] <= FEW;
            columns.add(new ColumnProfile(
                    table.columns().get(i).name(),
                    table.columns().get(i).kind(),
                    counts.get(i),
                    missing,
                    distinct[i],
                    numbers.get(i),
                    listed ? table.counts(i, VALUES_SHOWN) : List.of(),
                    spellings,
                    gaps.odd(),
                    gaps.oddCount()));
        }
        return new TableProfile(table.name(), table.rows(), columns, duplicateRows(), incompleteRows());
    }

    /** Of each column, the values that are there. */
    private List<Long> counts() {
        var counts = new ArrayList<Long>();
        for (var chunk : Sql.chunks(all)) {
            sql.one("SELECT " + Sql.each(chunk, i -> "count(x" + i + ")") + " FROM loaded", row -> {
                for (int k = 0; k < chunk.size(); k++) {
                    counts.add(row.getLong(k + 1));
                }
                return counts;
            });
        }
        return counts;
    }

    /** Of each column; a query of its own for each is many times faster than count(DISTINCT …) of all at once. */
    private long[] distinct() {
        long[] distinct = new long[all.size()];
        for (var chunk : Sql.chunks(all, columnsHeld())) {
            String queries = chunk.stream()
                    .map(i -> "SELECT " + i + ", count(*) FROM (SELECT DISTINCT x" + i + " FROM loaded WHERE x" + i
                            + " IS NOT NULL)")
                    .collect(Collectors.joining(" UNION ALL "));
            sql.query(queries, row -> distinct[row.getInt(1)] = row.getLong(2));
        }
        return distinct;
    }

    /** How many columns a statement may look at that holds all their values at once. */
    private int columnsHeld() {
        return (int) Math.max(1, Math.min(MOST_COLUMNS, VALUES_HELD / Math.max(1, table.rows())));
    }

    private Map<Integer, NumberSummary> numbers() {
        var summaries = new HashMap<Integer, NumberSummary>();
        for (var chunk : Sql.chunks(numeric, columnsHeld())) {
            // favg adds with compensation (Kahan): the mean of millions is right to the last digits.
            String figures = Sql.each(
                    chunk,
                    i -> "favg(x#), stddev_samp(x#), min(x#), max(x#), quantile_cont(x#, [0.25, 0.5, 0.75])"
                            .replace("#", Integer.toString(i)));
            sql.one("SELECT " + figures + " FROM loaded", row -> {
                for (int k = 0; k < chunk.size(); k++) {
                    summaries.put(chunk.get(k), withoutOutliers(row, 5 * k));
                }
                return summaries;
            });
        }
        for (var chunk : Sql.chunks(numeric)) {
            String outliers = Sql.each(chunk, i -> {
                var s = Objects.requireNonNull(summaries.get(i));
                double fence = IQR_FENCE * (s.p75() - s.p25());
                double far = s.std() == null ? 0 : Z_FENCE * s.std();
                return outside(i, s.p25() - fence, s.p75() + fence) + ", " + outside(i, s.mean() - far, s.mean() + far);
            });
            sql.one("SELECT " + outliers + " FROM loaded", row -> {
                for (int k = 0; k < chunk.size(); k++) {
                    long iqr = row.getLong(2 * k + 1);
                    long z = row.getLong(2 * k + 2);
                    summaries.computeIfPresent(chunk.get(k), (i, s) -> s.withOutliers(iqr, z));
                }
                return summaries;
            });
        }
        return summaries;
    }

    private static NumberSummary withoutOutliers(ResultSet row, int before) throws SQLException {
        var quartiles = (Object[]) row.getArray(before + 5).getArray();
        return new NumberSummary(
                row.getDouble(before + 1),
                row.getObject(before + 2) == null ? null : row.getDouble(before + 2),
                row.getDouble(before + 3),
                (double) quartiles[0],
                (double) quartiles[1],
                (double) quartiles[2],
                row.getDouble(before + 4),
                0,
                0);
    }

    private static String outside(int column, double low, double high) {
        return "count(*) FILTER (x" + column + " < '" + low + "'::DOUBLE OR x" + column + " > '" + high + "'::DOUBLE)";
    }

    private long duplicateRows() {
        return table.rows()
                - sql.one(
                        "SELECT count(*) FROM (SELECT 1 FROM loaded GROUP BY hash(" + Sql.each(all, i -> "x" + i)
                                + ", gaps))",
                        row -> row.getLong(1));
    }

    private long incompleteRows() {
        String missing = all.stream().map(i -> "x" + i + " IS NULL").collect(Collectors.joining(" OR "));
        return sql.one("SELECT count(*) FILTER (" + missing + ") FROM loaded", row -> row.getLong(1));
    }
}
