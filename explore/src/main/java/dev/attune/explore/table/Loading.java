package dev.attune.explore.table;

import dev.attune.data.TableSource;
import dev.attune.explore.table.Typing.Typed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Brings a source into a table of DuckDB's own, {@code loaded}: column i is {@code x<i>}, a DOUBLE where the values are
 * numbers and a VARCHAR where they are words, NULL where it is missing; {@code gaps} is a hash of what stands in the file
 * at those NULLs. On the way there it stands in {@code raw}, whose columns are doubles where the first rows say that there is
 * nothing else, and strings otherwise; where the first rows were wrong, it is read once more, as strings.
 */
final class Loading {
    private static final int GUESSED_FROM = 10_000;
    private static final int GAPS_SHOWN = 10;

    private final TableSource source;
    private final Sql sql;
    private final List<Integer> all;
    private final Set<Integer> numeric = new TreeSet<>();
    private final List<Integer> withGaps = new ArrayList<>();

    /**
     * What {@code loaded} holds.
     *
     * @param gaps of the columns that have any
     */
    record Loaded(long rows, List<Column> columns, Map<Integer, Gaps> gaps) {}

    private Loading(TableSource source) {
        this.source = source;
        sql = new Sql(source);
        all = Sql.upTo(source.names().size());
    }

    static Loaded load(TableSource source) {
        return new Loading(source).load();
    }

    private Loaded load() {
        var typed = read();
        typed.forEach((i, type) -> {
            if (type.kind().isNumeric()) {
                numeric.add(i);
            }
            if (type.hasGaps()) {
                withGaps.add(i);
            }
        });
        fill();
        var gaps = gaps();
        sql.execute("DROP TABLE raw");
        long rows = sql.one("SELECT count(*) FROM loaded", row -> row.getLong(1));
        var columns = all.stream()
                .map(i ->
                        new Column(name(i), Objects.requireNonNull(typed.get(i)).kind()))
                .toList();
        return new Loaded(rows, columns, gaps);
    }

    /** Into {@code raw}; what the columns are, all of them. */
    private Map<Integer, Typed> read() {
        var typing = new Typing(sql);
        sql.execute("CREATE TEMP TABLE head AS SELECT " + Sql.each(all, this::cell) + " FROM " + source.from()
                + " LIMIT " + GUESSED_FROM);
        var guessed = typing.numbers(all, "head");
        sql.execute("DROP TABLE head");
        var clean = guessed.keySet().stream()
                .filter(i -> !Objects.requireNonNull(guessed.get(i)).hasGaps())
                .toList();
        var typed = new TreeMap<Integer, Typed>();
        if (readNumbers(clean)) {
            typed.putAll(typing.cleanNumbers(clean, "raw"));
        }
        if (typed.isEmpty()) {
            sql.execute("CREATE OR REPLACE TEMP TABLE raw AS SELECT " + Sql.each(all, this::cell) + " FROM "
                    + source.from());
        }
        typed.putAll(typing.numbers(
                guessed.keySet().stream().filter(i -> !typed.containsKey(i)).toList(), "raw"));
        all.forEach(i -> typed.computeIfAbsent(i, typing::byValue));
        return typed;
    }

    /** Whether all that stands in these columns is finite numbers, as which they were read. */
    private boolean readNumbers(List<Integer> clean) {
        if (clean.isEmpty()) {
            return false;
        }
        var numbers = Set.copyOf(clean);
        String cells = Sql.each(
                all,
                i -> cell(i) + (numbers.contains(i) ? ", TRY_CAST(" + source.value(i) + " AS DOUBLE) AS d" + i : ""));
        String columns = Sql.each(all, i -> numbers.contains(i) ? "d" + i + " AS c" + i : "c" + i);
        String isClean = clean.stream()
                .map(i -> "coalesce(isfinite(d" + i + "), c" + i + " IS NULL)")
                .collect(Collectors.joining(" AND "));
        sql.execute("CREATE TEMP TABLE raw AS SELECT " + columns + ", " + isClean + " AS clean FROM (SELECT " + cells
                + " FROM " + source.from() + ")");
        return sql.one("SELECT coalesce(bool_and(clean), true) FROM raw", row -> row.getBoolean(1));
    }

    private String cell(int i) {
        return source.value(i) + " AS c" + i;
    }

    private void fill() {
        var holed = Set.copyOf(withGaps);
        String values = Sql.each(all, i -> {
            String value = numeric.contains(i) ? "TRY_CAST(c" + i + " AS DOUBLE)" : "c" + i;
            return (holed.contains(i) ? "CASE WHEN " + isValue(i) + " THEN " + value + " END" : value) + " AS x" + i;
        });
        String gaps = withGaps.isEmpty()
                ? "NULL"
                : "hash(" + Sql.each(withGaps, i -> "CASE WHEN NOT " + isValue(i) + " THEN c" + i + " END") + ")";
        sql.execute("CREATE TEMP TABLE loaded AS SELECT " + values + ", " + gaps + " AS gaps FROM raw");
    }

    /** By column, what stands where a value is missing. */
    private Map<Integer, Gaps> gaps() {
        var gaps = new HashMap<Integer, Gaps>();
        for (var chunk : Sql.chunks(withGaps)) {
            String cells = chunk.stream()
                    .map(i -> "SELECT " + i + " AS i, c" + i + " AS v FROM raw WHERE NOT " + isValue(i))
                    .collect(Collectors.joining(" UNION ALL "));
            String counted = "SELECT i, v, count(*) AS n, " + Typing.isWord("v") + " AS odd FROM (" + cells
                    + ") WHERE v IS NOT NULL GROUP BY i, v";
            sql.query(
                    "SELECT i, odd, v, n, CAST(sum(n) OVER (PARTITION BY i, odd) AS BIGINT) FROM (" + counted
                            + ") QUALIFY row_number() OVER (PARTITION BY i, odd ORDER BY n DESC, v) <= " + GAPS_SHOWN
                            + " ORDER BY n DESC, v",
                    row -> gaps.merge(
                            row.getInt(1),
                            Gaps.of(
                                    row.getBoolean(2),
                                    new ValueCount(row.getString(3), row.getLong(4)),
                                    row.getLong(5)),
                            Gaps::and));
        }
        return gaps;
    }

    /** False, not NULL, of an empty cell. */
    private String isValue(int i) {
        String value = "c" + i;
        return "coalesce("
                + (numeric.contains(i) ? "isfinite(TRY_CAST(" + value + " AS DOUBLE))" : Typing.isWord(value))
                + ", false)";
    }

    /** As the file names it; a name that stands before is told apart as pandas does. */
    private String name(int i) {
        String name = source.names().get(i);
        long before = source.names().subList(0, i).stream().filter(name::equals).count();
        return before == 0 ? name : name + "." + before;
    }
}
