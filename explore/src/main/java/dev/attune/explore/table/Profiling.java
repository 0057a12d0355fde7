package dev.attune.explore.table;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The queries behind a {@link TableProfile}. */
final class Profiling {
    private static final int VALUES_SHOWN = 10;
    /** Numbers of no more different values than this are listed as categories are. */
    private static final int FEW = 20;

    private static final double IQR_FENCE = 1.5;
    private static final double Z_FENCE = 3;

    private final Table table;
    private final Sql sql;
    private final List<Integer> all;
    private final List<Integer> numeric;

    /** What stands where the values of a column are missing: the most frequent of it, and how much there is. */
    private record Gaps(List<ValueCount> shown, long count) {
        private static final Gaps NONE = new Gaps(List.of(), 0);
    }

    Profiling(Table table) {
        this.table = table;
        sql = table.sql();
        all = Sql.upTo(table.columns().size());
        numeric = all.stream()
                .filter(i -> table.columns().get(i).kind().isNumeric())
                .toList();
    }

    TableProfile profile() {
        var counts = sql.one("SELECT " + Sql.each(all, i -> "count(x" + i + ")") + " FROM loaded", row -> {
            var values = new ArrayList<Long>();
            for (int i : all) {
                values.add(row.getLong(i + 1));
            }
            return values;
        });
        var numbers = numbers();
        var spelled = gaps("IN");
        var odd = gaps("NOT IN");
        var columns = new ArrayList<ColumnProfile>();
        for (int i : all) {
            long missing = table.rows() - counts.get(i);
            var missingAs = spelled.getOrDefault(i, Gaps.NONE);
            var oddOnes = odd.getOrDefault(i, Gaps.NONE);
            long empty = missing - missingAs.count - oddOnes.count;
            var spellings = new ArrayList<>(missingAs.shown);
            if (empty > 0) {
                spellings.add(0, new ValueCount("", empty));
            }
            long distinct = distinct(i);
            boolean listed = !numbers.containsKey(i) || distinct <= FEW;
            columns.add(new ColumnProfile(
                    table.columns().get(i).name(),
                    table.columns().get(i).kind(),
                    counts.get(i),
                    missing,
                    distinct,
                    numbers.get(i),
                    listed ? table.counts(i, VALUES_SHOWN) : List.of(),
                    spellings,
                    oddOnes.shown,
                    oddOnes.count));
        }
        return new TableProfile(table.name(), table.rows(), columns, duplicateRows(), incompleteRows());
    }

    /** Column by column this is many times faster than count(DISTINCT …) of all at once. */
    private long distinct(int i) {
        return sql.one(
                "SELECT count(*) FROM (SELECT DISTINCT x" + i + " FROM loaded WHERE x" + i + " IS NOT NULL)",
                row -> row.getLong(1));
    }

    /** By column, what stands in the file where a value is missing and is, or is not, a known way to spell that. */
    private Map<Integer, Gaps> gaps(String inOrNotIn) {
        String values =
                "SELECT unnest(gaps) AS v, generate_subscripts(gaps, 1) - 1 AS i FROM loaded WHERE gaps IS NOT NULL";
        String counted = "SELECT i, v, count(*) AS n FROM (" + values + ") WHERE trim(v) " + inOrNotIn + " ("
                + Loading.MISSING_SQL + ") GROUP BY i, v";
        var gaps = new HashMap<Integer, Gaps>();
        sql.query(
                "SELECT i, v, n, CAST(sum(n) OVER (PARTITION BY i) AS BIGINT) FROM (" + counted + ") "
                        + "QUALIFY row_number() OVER (PARTITION BY i ORDER BY n DESC, v) <= " + VALUES_SHOWN
                        + " ORDER BY n DESC, v",
                row -> {
                    long count = row.getLong(4);
                    return gaps.computeIfAbsent(row.getInt(1), i -> new Gaps(new ArrayList<>(), count))
                            .shown
                            .add(new ValueCount(row.getString(2), row.getLong(3)));
                });
        return gaps;
    }

    private Map<Integer, NumberSummary> numbers() {
        if (numeric.isEmpty()) {
            return Map.of();
        }
        // favg adds with compensation (Kahan): the mean of millions is right to the last digits.
        String figures = Sql.each(
                numeric,
                i ->
                        "favg(x#), stddev_samp(x#), min(x#), quantile_cont(x#, 0.25), quantile_cont(x#, 0.5), quantile_cont(x#, 0.75), max(x#)"
                                .replace("#", Integer.toString(i)));
        var summaries = sql.one("SELECT " + figures + " FROM loaded", row -> {
            var read = new ArrayList<NumberSummary>();
            for (int k = 0; k < numeric.size(); k++) {
                read.add(withoutOutliers(row, 7 * k));
            }
            return read;
        });
        var outliers = new ArrayList<String>();
        for (int k = 0; k < numeric.size(); k++) {
            var s = summaries.get(k);
            double fence = IQR_FENCE * (s.p75() - s.p25());
            double far = s.std() == null ? 0 : Z_FENCE * s.std();
            outliers.add(outside(numeric.get(k), s.p25() - fence, s.p75() + fence));
            outliers.add(outside(numeric.get(k), s.mean() - far, s.mean() + far));
        }
        return sql.one("SELECT " + String.join(", ", outliers) + " FROM loaded", row -> {
            var byColumn = new HashMap<Integer, NumberSummary>();
            for (int k = 0; k < numeric.size(); k++) {
                byColumn.put(
                        numeric.get(k), summaries.get(k).withOutliers(row.getLong(2 * k + 1), row.getLong(2 * k + 2)));
            }
            return byColumn;
        });
    }

    private static NumberSummary withoutOutliers(ResultSet row, int before) throws SQLException {
        return new NumberSummary(
                row.getDouble(before + 1),
                row.getObject(before + 2) == null ? null : row.getDouble(before + 2),
                row.getDouble(before + 3),
                row.getDouble(before + 4),
                row.getDouble(before + 5),
                row.getDouble(before + 6),
                row.getDouble(before + 7),
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
