package dev.attune.data;

import dev.attune.files.InputException;
import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A CSV, TSV, JSON or Parquet file, or what a query makes of one, as a table that DuckDB selects from in memory. Values
 * are the strings that stand in the file; no type is guessed, so that neither 007 nor a date changes. Nothing is fetched
 * from the network: the JSON and Parquet readers are built into DuckDB and loading others is off.
 */
public final class TableSource implements AutoCloseable {
    private static final Pattern NAMES_DATA = Pattern.compile("(?i)\\bdata\\b");
    private static final Pattern NUMBER = Pattern.compile("\\s*[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?\\s*");

    private static final int LOOKED_AT = 1000;

    /**
     * Rows for SQL to select from.
     *
     * @param sql what follows FROM; its columns are c0, c1, …
     * @param names the columns as the user knows them
     * @param types DuckDB's
     */
    private record Relation(String sql, List<String> names, List<String> types) {
        String value(int i) {
            return types.get(i).equals("JSON") ? "c" + i + " ->> '$'" : "CAST(c" + i + " AS VARCHAR)";
        }
    }

    /**
     * How delimited text is read: what tells a first row that names the columns, by how many threads, and whether a look from
     * end to end comes first that finds bytes that cannot be decoded and quotes that are never closed.
     */
    private record Delimited(Predicate<List<String>> header, boolean parallel, boolean checked) {}

    private final Path file;
    private final ReadOptions options;
    private final @Nullable Format format;
    private final @Nullable TextSource text;
    private final Connection connection;
    private final Relation relation;

    private TableSource(Path file, ReadOptions options, Delimited delimited) throws SQLException {
        this.file = file;
        this.options = options;
        String query = options.sql();
        // The view is made on demand: a query that reads the file by its path may do so where our reading cannot.
        boolean readsFile = query == null || NAMES_DATA.matcher(query).find();
        format = !readsFile ? null : options.formatOf(file);
        if (format == Format.LINES) {
            throw new InputException(
                    (query == null ? file + " is no table" : "A query cannot read " + file + " as lines")
                            + "; give --format csv or tsv.");
        }
        text = format == null || format == Format.PARQUET ? null : TextSource.open(file, options.charset());
        connection = connect();
        try {
            Relation read = format == null ? null : relation(format, delimited);
            relation = query == null && read != null ? read : view(query == null ? "" : query, read);
        } catch (SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens a table whose rows are numbers and words. A first row without a number in it names the columns, where the
     * options do not say.
     *
     * @throws InputException when it cannot be read as {@code options} say, or is one text a line
     */
    public static TableSource open(Path file, ReadOptions options) {
        InputFile.require(file);
        return open(file, options, new Delimited(cells -> cells.stream().noneMatch(TableSource::isNumber), true, true));
    }

    /**
     * Whether a file is a table without a column of texts, of those that {@link #open} reads: none is named, none has a usual
     * name, or the one that would be taken holds numbers. The first rows tell; where they cannot be read, all is looked at to
     * say why.
     *
     * @throws InputException when it cannot be read
     */
    public static boolean isWithoutText(Path file, ReadOptions options) {
        InputFile.require(file);
        if (!options.textColumns().isEmpty() || options.formatOf(file) == Format.LINES) {
            return false;
        }
        var glance = new Delimited(cells -> Columns.looksLikeHeader(cells, options), false, false);
        try (var source = open(file, options, glance)) {
            return source.isWithoutText();
        } catch (InputException e) {
            try (var source = ofTexts(file, options)) {
                return source.isWithoutText();
            }
        }
    }

    private boolean isWithoutText() {
        var text = text();
        boolean isLabel = text.size() == 1 && text.get(0).equals(label()) && names().size() > 1;
        return text.isEmpty() || isLabel || holdsNumbers(text.get(0));
    }

    /** Whether a column's first values are numbers, most of them. */
    private boolean holdsNumbers(int column) {
        String value = value(column);
        String query = "SELECT count(TRY_CAST(v AS DOUBLE)), count(v) FROM (SELECT " + value + " AS v FROM " + from()
                + " LIMIT " + LOOKED_AT + ") WHERE trim(v) <> ''";
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            return result.next() && result.getLong(1) > 0 && 2 * result.getLong(1) > result.getLong(2);
        } catch (SQLException e) {
            throw explain(e);
        }
    }

    /** Opens a table of texts: line numbers in errors are right and quoted line breaks never meet a chunk's border. */
    static TableSource ofTexts(Path file, ReadOptions options) {
        return open(file, options, new Delimited(cells -> Columns.looksLikeHeader(cells, options), false, true));
    }

    private static TableSource open(Path file, ReadOptions options, Delimited delimited) {
        try {
            return new TableSource(file, options, delimited);
        } catch (SQLException e) {
            throw explain(file, options, e);
        }
    }

    private static boolean isNumber(String cell) {
        return NUMBER.matcher(cell).matches();
    }

    /** Where {@link #from} and {@link #value} may be used. Ends with this source. */
    public Connection connection() {
        return connection;
    }

    /** The columns as the user knows them. */
    public List<String> names() {
        return relation.names;
    }

    /** What follows FROM in a query on this table. */
    public String from() {
        return relation.sql;
    }

    /** In a query on this table, column {@code i} as the string that stands in the file. */
    public String value(int i) {
        return relation.value(i);
    }

    /** The columns that hold the text and the label, as {@link ReadOptions} name or leave to guess them. */
    Columns columns() {
        return Columns.choose(file, names(), options);
    }

    /** The column that {@link ReadOptions#labelColumn} names, or one with a usual name; {@code null} without one. */
    public @Nullable Integer label() {
        return Columns.label(file, names(), options);
    }

    /** The columns that {@link ReadOptions#textColumns} name, or one with a usual name; empty without one. */
    public List<Integer> text() {
        return Columns.text(file, names(), options);
    }

    /** What DuckDB says, as one or two sentences that name the line and our options. */
    public InputException explain(SQLException e) {
        return explain(file, options, e);
    }

    private static InputException explain(Path file, ReadOptions options, SQLException e) {
        if (options.sql() != null) {
            return new InputException("The query on " + file + " failed: " + DuckDbErrors.firstLine(e), e);
        }
        return DuckDbErrors.explain(file, options.formatOf(file), options, e);
    }

    @Override
    public void close() {
        try (text) {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not close", e);
        }
    }

    private static Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("jdbc_stream_results", "true");
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        // What does not fit into memory goes there, not into a folder beside the user's files.
        properties.setProperty(
                "temp_directory", System.getProperty("java.io.tmpdir") + File.separator + "attune-duckdb");
        return DriverManager.getConnection("jdbc:duckdb:", properties);
    }

    private Relation view(String query, @Nullable Relation data) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (data != null) {
                String columns = IntStream.range(0, data.names.size())
                        .mapToObj(i -> data.value(i) + " AS " + identifier(data.names.get(i)))
                        .collect(Collectors.joining(", "));
                statement.execute("CREATE VIEW data AS SELECT " + columns + " FROM " + data.sql);
            }
            statement.execute("CREATE VIEW query_result AS " + query);
        }
        return describe("query_result");
    }

    private Relation relation(Format format, Delimited delimited) throws SQLException {
        if (text == null) {
            return describe("read_parquet(" + path(file) + ", binary_as_string = true, hive_partitioning = false)");
        }
        if (format != Format.JSON) {
            return csv(text, format, delimited);
        }
        String lines = file.toString()
                        .toLowerCase(Locale.ROOT)
                        .replaceFirst("\\.gz$", "")
                        .endsWith(".json")
                ? "auto"
                : "newline_delimited";
        // Depth 1 leaves every field as the JSON it is.
        return describe("read_json(" + path(text.file()) + ", format = '" + lines
                + "', maximum_depth = 1, sample_size = -1, hive_partitioning = false" + compression(text) + ")");
    }

    private Relation csv(TextSource source, Format format, Delimited delimited) {
        String delimiter = options.delimiter(format);
        String quote = options.quote() != null ? options.quote() : "\"";
        if (delimiter.equals(quote)) {
            throw new InputException("The delimiter and the quote of " + file + " are both '" + quote + "'.");
        }
        List<String> cells = CsvHead.read(file, source, delimiter.charAt(0), quote);
        boolean quoted = !quote.isEmpty() && (!delimited.checked || source.mayContain(quote.charAt(0)));
        if (quoted && delimited.checked) {
            StrayQuotes.requireClosed(file, source, delimiter.charAt(0), quote.charAt(0));
        }
        boolean header = options.header() != null ? options.header() : delimited.header.test(cells);
        var names = IntStream.range(0, cells.size())
                .mapToObj(i -> header && !cells.get(i).isBlank() ? cells.get(i).strip() : Integer.toString(i))
                .toList();
        String columns = IntStream.range(0, cells.size())
                .mapToObj(i -> "'c" + i + "': 'VARCHAR'")
                .collect(Collectors.joining(", ", "{", "}"));
        String sql = "read_csv(" + path(source.file()) + ", auto_detect = false, skip = 0, comment = ''"
                + ", parallel = " + (delimited.parallel && !quoted)
                + ", hive_partitioning = false, delim = " + literal(delimiter) + ", quote = " + literal(quote)
                + ", escape = " + literal(quote) + ", header = " + header + ", columns = " + columns
                + compression(source) + ")";
        return new Relation(sql, names, Collections.nCopies(names.size(), "VARCHAR"));
    }

    /** A table whose columns DuckDB knows. */
    private Relation describe(String from) throws SQLException {
        var names = new ArrayList<String>();
        var types = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("DESCRIBE SELECT * FROM " + from)) {
            while (result.next()) {
                names.add(result.getString("column_name"));
                types.add(result.getString("column_type"));
            }
        }
        String aliases = IntStream.range(0, names.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        return new Relation(from + " AS t(" + aliases + ")", List.copyOf(names), List.copyOf(types));
    }

    private static String compression(TextSource source) {
        return ", compression = '" + (source.gzipped() ? "gzip" : "none") + "'";
    }

    /**
     * A path as a literal that names this one file: absolute, so that it is no URL, and with what DuckDB takes for a
     * pattern in brackets.
     */
    private static String path(Path file) {
        String path = file.toAbsolutePath().toString();
        if (!path.matches("(?s).*[*?\\[].*")) {
            return literal(path);
        }
        if (File.separatorChar == '/' && path.contains("\\")) {
            throw new InputException("DuckDB cannot read " + file + ", which has a backslash beside one of *, ? and [ "
                    + "in its path; rename it.");
        }
        return literal(path.replaceAll("[*?\\[]", "[$0]"));
    }

    private static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    private static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
