package dev.attune.explore.table;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds out what columns are. Columns of numbers are counted value by value, fifty columns at a time; words are looked at
 * once for each different one of them, which is far less work where they repeat.
 */
final class Typing {
    /** What pandas takes for a missing value, and the question mark of the UCI repository's files. */
    private static final List<String> MISSING = List.of(
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

    private static final String MISSING_SQL = MISSING.stream().map(Sql::literal).collect(Collectors.joining(", "));

    /** This share of a column's values are numbers, or it is one of words. */
    private static final double NUMBERS = 0.95;

    private static final double SIXTEEN_DIGITS = 1e15;
    private static final int CATEGORY_LENGTH = 50;

    private final Sql sql;

    /** @param hasGaps whether a cell that is not empty holds no value */
    record Typed(Kind kind, boolean hasGaps) {}

    /** How many cells are not empty, finite numbers, numbers with a fraction, whole numbers too long for a double. */
    private record Numbers(long cells, long finite, long fractions, long identifiers) {
        /** Missing values among the cells are taken for words, so some columns of numbers are not seen to be ones. */
        boolean areNumbers() {
            return Typing.areNumbers(finite, cells) && identifiers == 0;
        }

        Kind kind() {
            return fractions == 0 ? Kind.INTEGER : Kind.DECIMAL;
        }
    }

    /** How many values are words or numbers but none of the missing, in how many different ones, and what they are. */
    private record Words(long values, long distinct, long dates, long booleans, double letters) {}

    Typing(Sql sql) {
        this.sql = sql;
    }

    /** Those of the columns that are numbers for sure, counted value by value. */
    Map<Integer, Typed> numbers(List<Integer> columns, String table) {
        var typed = new TreeMap<Integer, Typed>();
        for (var chunk : Sql.chunks(columns)) {
            String casts = Sql.each(chunk, i -> "c" + i + ", TRY_CAST(c" + i + " AS DOUBLE) AS d" + i);
            String counts = Sql.each(
                    chunk,
                    i -> ("count(c#), count(*) FILTER (isfinite(d#)), count(*) FILTER ("
                                    + "isfinite(d#) AND d# <> trunc(d#)), count(*) FILTER (" + isIdentifier("c#") + ")")
                            .replace("#", Integer.toString(i)));
            sql.one("SELECT " + counts + " FROM (SELECT " + casts + " FROM " + table + ")", row -> {
                for (int k = 0; k < chunk.size(); k++) {
                    var numbers = numbers(row, 4 * k);
                    if (numbers.areNumbers()) {
                        typed.put(chunk.get(k), new Typed(numbers.kind(), numbers.finite < numbers.cells));
                    }
                }
                return typed;
            });
        }
        return typed;
    }

    /**
     * Of a table whose columns of numbers are read as such already, what they are; nothing where there is a number so large
     * that its digits have to be looked at.
     */
    Map<Integer, Typed> cleanNumbers(List<Integer> columns, String table) {
        var typed = new TreeMap<Integer, Typed>();
        for (var chunk : Sql.chunks(columns)) {
            String figures = Sql.each(
                    chunk, i -> "count(*) FILTER (c# <> trunc(c#)), max(abs(c#))".replace("#", Integer.toString(i)));
            sql.one("SELECT " + figures + " FROM " + table, row -> {
                for (int k = 0; k < chunk.size(); k++) {
                    if (row.getDouble(2 * k + 2) < SIXTEEN_DIGITS) {
                        var kind = row.getLong(2 * k + 1) == 0 ? Kind.INTEGER : Kind.DECIMAL;
                        typed.put(chunk.get(k), new Typed(kind, false));
                    }
                }
                return typed;
            });
        }
        return typed.size() == columns.size() ? typed : Map.of();
    }

    private static Numbers numbers(ResultSet row, int before) throws SQLException {
        return new Numbers(
                row.getLong(before + 1), row.getLong(before + 2), row.getLong(before + 3), row.getLong(before + 4));
    }

    /** Looked at once for each different value. */
    Typed byValue(int i) {
        String values = "SELECT c# AS v, count(*) AS n FROM raw WHERE c# IS NOT NULL GROUP BY c#"
                .replace("#", Integer.toString(i));
        String looked = "SELECT v, n, TRY_CAST(v AS DOUBLE) AS d, " + isWord("v") + " AS word FROM (" + values + ")";
        String figures = Stream.of(
                        "true",
                        "isfinite(d)",
                        "isfinite(d) AND d <> trunc(d)",
                        isIdentifier("v"),
                        "word",
                        "word AND TRY_CAST(v AS TIMESTAMP) IS NOT NULL",
                        "word AND TRY_CAST(v AS BOOLEAN) IS NOT NULL")
                .map(condition -> "coalesce(CAST(sum(n) FILTER (" + condition + ") AS BIGINT), 0)")
                .collect(Collectors.joining(", "));
        return sql.one(
                "SELECT " + figures + ", count(*) FILTER (word), coalesce(sum(n * length(v)) FILTER (word), 0) FROM ("
                        + looked + ")",
                row -> {
                    var words =
                            new Words(row.getLong(5), row.getLong(8), row.getLong(6), row.getLong(7), row.getDouble(9));
                    return typed(numbers(row, 0), words);
                });
    }

    private static Typed typed(Numbers numbers, Words words) {
        boolean areNumbers = areNumbers(numbers.finite, words.values);
        return areNumbers && numbers.identifiers == 0
                ? new Typed(numbers.kind(), numbers.finite < numbers.cells)
                : new Typed(kindOfWords(words, numbers.finite), words.values < numbers.cells);
    }

    private static Kind kindOfWords(Words words, long numbers) {
        long values = words.values;
        if (values == 0) {
            return Kind.EMPTY;
        }
        if (words.dates == values) {
            return Kind.DATE;
        }
        if (words.booleans == values) {
            return Kind.BOOLEAN;
        }
        if (areNumbers(numbers, values)) {
            return Kind.IDENTIFIER;
        }
        if (numbers > (1 - NUMBERS) * values) {
            return Kind.MIXED;
        }
        boolean repeats = words.distinct <= values / 10 || (words.distinct <= 20 && words.distinct <= values / 2);
        return repeats && words.letters <= CATEGORY_LENGTH * values ? Kind.CATEGORY : Kind.TEXT;
    }

    private static boolean areNumbers(long numbers, long values) {
        return numbers > 0 && numbers >= NUMBERS * values;
    }

    /** Whether a value is none of those that are known for missing. */
    static String isWord(String value) {
        return "trim(" + value + ") NOT IN (" + MISSING_SQL + ")";
    }

    /** The lengths come first: most numbers need not be looked at more closely. */
    private static String isIdentifier(String value) {
        return "strlen(" + value + ") >= 16 AND NOT contains(" + value + ", '.') AND regexp_full_match(" + value
                + ", '\\s*[-+]?[0-9]{16,}\\s*')";
    }
}
