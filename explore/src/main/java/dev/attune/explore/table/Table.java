package dev.attune.explore.table;

import dev.attune.data.ReadOptions;
import dev.attune.data.TableSource;
import dev.attune.files.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table of numbers, words or both, of any size: it stands in DuckDB, which counts there and moves to disk what does not
 * fit into memory. Which columns are numbers is found out from all values, not from the first ones; in a column of numbers
 * a value that is none ('?', 'NA', '3+') is missing, and {@link TableProfile} tells of it.
 */
public final class Table implements AutoCloseable {
    private final String name;
    private final TableSource source;
    private final Sql sql;
    private final long rows;
    private final List<Column> columns;
    private final Map<Integer, Gaps> gaps;

    private Table(String name, TableSource source) {
        this.name = name;
        this.source = source;
        sql = new Sql(source);
        var loaded = Loading.load(source);
        rows = loaded.rows();
        columns = loaded.columns();
        gaps = loaded.gaps();
    }

    /**
     * Reads a CSV, TSV, JSON or Parquet file, or a query's rows.
     *
     * @throws InputException when it cannot be read as {@code options} say
     */
    public static Table open(Path file, ReadOptions options) {
        var source = TableSource.open(file, options);
        try {
            return new Table(String.valueOf(file.getFileName()), source);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    public String name() {
        return name;
    }

    public long rows() {
        return rows;
    }

    public List<Column> columns() {
        return columns;
    }

    /** The names of the columns of numbers. */
    public List<String> numeric() {
        return columns.stream()
                .filter(column -> column.kind().isNumeric())
                .map(Column::name)
                .toList();
    }

    /** The column that the options name as the label's, or one with a usual name (label, class, target, …). */
    public @Nullable String label() {
        Integer label = source.label();
        return label == null ? null : columns.get(label).name();
    }

    /** The columns that the options name as the text's, or words with a usual name (text, sentence, …); or none. */
    public List<String> text() {
        return source.text().stream()
                .map(columns::get)
                .filter(column -> !column.kind().isNumeric())
                .map(Column::name)
                .toList();
    }

    /**
     * Columns of numbers as rows in the file's order, NaN where a value is missing.
     *
     * @return (rows, columns)
     * @throws InputException for a column that is missing or not of numbers
     */
    public double[][] numbers(List<String> names) {
        return numbers(names, Integer.MAX_VALUE);
    }

    /**
     * As {@link #numbers(List)}, but of a table of more than {@code most} rows only as many, drawn the same way each time.
     *
     * @return (at most {@code most}, columns)
     */
    public double[][] numbers(List<String> names, int most) {
        var wanted = names.stream().map(this::numericIndex).toList();
        String drawn = drawn(most);
        if (wanted.isEmpty()) {
            throw new InputException(name + " has no columns of numbers to take.");
        }
        String values = Sql.each(wanted, i -> "coalesce(x" + i + ", 'nan'::DOUBLE)");
        return sql.query("SELECT " + values + " FROM " + drawn, row -> {
                    double[] numbers = new double[wanted.size()];
                    for (int c = 0; c < numbers.length; c++) {
                        numbers[c] = row.getDouble(c + 1);
                    }
                    return numbers;
                })
                .toArray(double[][]::new);
    }

    /** The places in the file, from 1, of the rows that {@link #numbers(List, int)} gives. */
    public List<Integer> rowNumbers(int most) {
        return sql.query("SELECT row + 1 FROM " + drawn(most), row -> row.getInt(1));
    }

    private String drawn(int most) {
        String all = "SELECT *, rowid AS row FROM loaded";
        // Ordering the numbers of the rows alone is several times faster than ordering the rows.
        return rows <= most
                ? "(" + all + ")"
                : "(" + all + " WHERE rowid IN (SELECT rowid FROM loaded ORDER BY hash(rowid) LIMIT " + most
                        + ")) ORDER BY row";
    }

    /**
     * A column as words, in the file's order; whole numbers without a fraction, {@code null} where a value is missing.
     *
     * @throws InputException for a column that is missing
     */
    public List<@Nullable String> words(String column) {
        return words(column, Integer.MAX_VALUE);
    }

    /** As {@link #words(String)}, of the rows that {@link #numbers(List, int)} gives. */
    public List<@Nullable String> words(String column, int most) {
        var words = new ArrayList<@Nullable String>();
        words.addAll(sql.query("SELECT " + word(index(column)) + " FROM " + drawn(most), row -> row.getString(1)));
        return words;
    }

    /** How often each value of a column occurs, the most frequent first. */
    List<ValueCount> counts(int column, int most) {
        String word = word(column);
        return sql.query(
                "SELECT " + word + ", count(*) FROM loaded WHERE x" + column + " IS NOT NULL GROUP BY 1 "
                        + "ORDER BY 2 DESC, 1 LIMIT " + most,
                row -> new ValueCount(row.getString(1), row.getLong(2)));
    }

    /** What stands where the values of a column are missing. */
    Gaps gaps(int column) {
        return gaps.getOrDefault(column, Gaps.NONE);
    }

    Sql sql() {
        return sql;
    }

    int index(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        throw new InputException(name + " has no column '" + column + "'; its columns are "
                + String.join(", ", columns.stream().map(Column::name).toList()) + ".");
    }

    private int numericIndex(String column) {
        int index = index(column);
        Kind kind = columns.get(index).kind();
        if (!kind.isNumeric()) {
            throw new InputException("Column '" + column + "' of " + name + " holds no numbers (it is "
                    + kind.name().toLowerCase(Locale.ROOT) + ").");
        }
        return index;
    }

    private String word(int column) {
        return switch (columns.get(column).kind()) {
            case INTEGER ->
                "coalesce(CAST(TRY_CAST(x# AS BIGINT) AS VARCHAR), CAST(x# AS VARCHAR))"
                        .replace("#", Integer.toString(column));
            case DECIMAL -> "CAST(x" + column + " AS VARCHAR)";
            default -> "x" + column;
        };
    }

    @Override
    public void close() {
        source.close();
    }
}
