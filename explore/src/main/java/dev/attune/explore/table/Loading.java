package dev.attune.explore.table;

import dev.attune.data.TableSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Brings a source into a table of DuckDB's own, {@code loaded}, in one pass: column i is {@code x<i>}, a DOUBLE where the
 * values are numbers and a VARCHAR where they are words, NULL where it is missing; {@code gaps} is a list with what
 * stands in the file at those NULLs. Which columns are numbers is guessed from the first rows and checked when all are
 * there; where the guess was wrong, the pass is made once more.
 */
final class Loading {
    /** What pandas takes for a missing value, and the question mark of the UCI repository's files. */
    static final List<String> MISSING = List.of(
            "",
            "?",
            "#N/A",
            "#N/A N/A",
            "#NA",
            "-1.#IND",
            "-1.#QNAN",
            "-NaN",
            "-nan",
            "1.#IND",
            "1.#QNAN",
            "<NA>",
            "N/A",
            "NA",
            "NULL",
            "NaN",
            "None",
            "n/a",
            "nan",
            "null");

    /** In SQL, without the list's brackets. */
    static final String MISSING_SQL = MISSING.stream().map(Sql::literal).collect(Collectors.joining(", "));

    /** This share of a column's values are numbers, or it is one of words. */
    private static final double NUMBERS = 0.95;

    private static final int GUESSED_FROM = 10_000;
    private static final double LARGEST_EXACT = 1L << 53;
    private static final int CATEGORY_LENGTH = 50;

    private final TableSource source;
    private final Sql sql;
    private final List<Integer> all;

    /** What {@code loaded} holds. */
    record Loaded(long rows, List<Column> columns) {}

    private Loading(TableSource source) {
        this.source = source;
        sql = new Sql(source);
        all = Sql.upTo(source.names().size());
    }

    static Loaded load(TableSource source) {
        var loading = new Loading(source);
        Set<Integer> numeric = loading.guessed();
        loading.load(numeric);
        Set<Integer> found = loading.found(numeric);
        if (!found.equals(numeric)) {
            loading.load(found);
        }
        long rows = loading.sql.one("SELECT count(*) FROM loaded", row -> row.getLong(1));
        return new Loaded(rows, loading.columns(found));
    }

    private void load(Set<Integer> numeric) {
        String values = Sql.each(
                all, i -> (numeric.contains(i) ? number(source.value(i)) : word(source.value(i))) + " AS x" + i);
        String isGap = all.stream()
                .map(i -> "(x" + i + " IS NULL AND " + source.value(i) + " IS NOT NULL)")
                .collect(Collectors.joining(" OR "));
        String gaps = Sql.each(all, i -> "CASE WHEN x" + i + " IS NULL THEN " + source.value(i) + " END");
        sql.execute("CREATE OR REPLACE TEMP TABLE loaded AS SELECT " + values + ", CASE WHEN " + isGap + " THEN ["
                + gaps + "] END AS gaps FROM " + source.from());
    }

    /** The columns that are numbers in the first rows. */
    private Set<Integer> guessed() {
        return numbersAmong(
                all, source::value, "(SELECT * FROM " + source.from() + " LIMIT " + GUESSED_FROM + ") AS first");
    }

    /** The columns that are numbers in all rows, which were loaded with a guess. */
    private Set<Integer> found(Set<Integer> guess) {
        long[] odd = new long[all.size()];
        sql.query(
                "SELECT i, count(*) FROM (SELECT unnest(gaps) AS v, generate_subscripts(gaps, 1) AS i FROM loaded "
                        + "WHERE gaps IS NOT NULL) WHERE trim(v) NOT IN (" + MISSING_SQL + ") GROUP BY i",
                row -> odd[row.getInt(1) - 1] = row.getLong(2));
        var words = all.stream().filter(i -> !guess.contains(i)).toList();
        Set<Integer> numeric = numbersAmong(words, i -> "x" + i, "loaded");
        var guessed = List.copyOf(guess);
        var large = new ArrayList<Integer>();
        sql.one(
                "SELECT count(*)" + each(guessed, i -> "count(x" + i + "), max(abs(x" + i + "))") + " FROM loaded",
                row -> {
                    for (int k = 0; k < guessed.size(); k++) {
                        int i = guessed.get(k);
                        long count = row.getLong(2 * k + 2);
                        if (row.getDouble(2 * k + 3) >= LARGEST_EXACT) {
                            large.add(i);
                        } else if (areNumbers(count, count + odd[i])) {
                            numeric.add(i);
                        }
                    }
                    return numeric;
                });
        numeric.addAll(numbersAmong(large, source::value, source.from()));
        return numeric;
    }

    /** Those of the columns whose values are numbers that a double holds. */
    private Set<Integer> numbersAmong(List<Integer> columns, IntFunction<String> value, String from) {
        String counts = each(
                columns,
                i -> "count(" + number(value.apply(i)) + "), count(" + word(value.apply(i)) + "), count(*) FILTER ("
                        + isIdentifier(value.apply(i)) + ")");
        return sql.one("SELECT count(*)" + counts + " FROM " + from, row -> {
            var numeric = new TreeSet<Integer>();
            for (int k = 0; k < columns.size(); k++) {
                if (areNumbers(row.getLong(3 * k + 2), row.getLong(3 * k + 3)) && row.getLong(3 * k + 4) == 0) {
                    numeric.add(columns.get(k));
                }
            }
            return numeric;
        });
    }

    private static boolean areNumbers(long numbers, long values) {
        return numbers > 0 && numbers >= NUMBERS * values;
    }

    private List<Column> columns(Set<Integer> numeric) {
        var numbers = List.copyOf(numeric);
        var words = all.stream().filter(i -> !numeric.contains(i)).toList();
        String fractions = each(numbers, i -> "count(*) FILTER (x" + i + " <> trunc(x" + i + "))");
        String figures = each(
                words,
                i -> ("count(x#), count(TRY_CAST(x# AS TIMESTAMP)), count(TRY_CAST(x# AS BOOLEAN)), count("
                                + number("x#") + "), approx_count_distinct(x#), sum(length(x#))")
                        .replace("#", Integer.toString(i)));
        return sql.one("SELECT count(*)" + fractions + figures + " FROM loaded", row -> {
            Kind[] kinds = new Kind[all.size()];
            int at = 2;
            for (int i : numbers) {
                kinds[i] = row.getLong(at++) == 0 ? Kind.INTEGER : Kind.DECIMAL;
            }
            for (int i : words) {
                kinds[i] = kindOfWords(
                        row.getLong(at),
                        row.getLong(at + 1),
                        row.getLong(at + 2),
                        row.getLong(at + 3),
                        row.getLong(at + 4),
                        row.getDouble(at + 5));
                at += 6;
            }
            return all.stream().map(i -> new Column(name(i), kinds[i])).toList();
        });
    }

    /** An expression for each column, each after a comma. */
    private static String each(List<Integer> columns, IntFunction<String> expression) {
        return columns.stream().map(i -> ", " + expression.apply(i)).collect(Collectors.joining());
    }

    private static Kind kindOfWords(
            long count, long dates, long booleans, long numbers, long distinct, double letters) {
        if (count == 0) {
            return Kind.EMPTY;
        }
        if (dates == count) {
            return Kind.DATE;
        }
        if (booleans == count) {
            return Kind.BOOLEAN;
        }
        if (areNumbers(numbers, count)) {
            return Kind.IDENTIFIER;
        }
        if (numbers > (1 - NUMBERS) * count) {
            return Kind.MIXED;
        }
        boolean repeats = distinct <= count / 10 || (distinct <= 20 && distinct <= count / 2);
        return repeats && letters <= CATEGORY_LENGTH * count ? Kind.CATEGORY : Kind.TEXT;
    }

    /** As the file names it; a name that stands before is told apart as pandas does. */
    private String name(int i) {
        String name = source.names().get(i);
        long before = source.names().subList(0, i).stream().filter(name::equals).count();
        return before == 0 ? name : name + "." + before;
    }

    private static String number(String value) {
        return "CASE WHEN isfinite(TRY_CAST(" + value + " AS DOUBLE)) THEN TRY_CAST(" + value + " AS DOUBLE) END";
    }

    private static String word(String value) {
        return "CASE WHEN trim(" + value + ") NOT IN (" + MISSING_SQL + ") THEN " + value + " END";
    }

    private static String isIdentifier(String value) {
        return "regexp_full_match(" + value + ", '\\s*[-+]?[0-9]{16,}\\s*')";
    }
}
