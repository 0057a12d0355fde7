package dev.attune.data;

import dev.attune.files.InputException;
import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tables read by DuckDB in memory: CSV, TSV, JSON, Parquet and what a query makes of them. Values come as the strings
 * that stand in the file; no type is guessed, so that neither 007 nor a date changes. Nothing is fetched from the
 * network: the JSON and Parquet readers are built into DuckDB and loading others is off.
 */
final class TableReader {
    private static final Pattern NAMES_DATA = Pattern.compile("(?i)\\bdata\\b");

    /**
     * Rows for SQL to select from.
     *
     * @param sql what follows FROM
     * @param names the columns as the user knows them; in {@code sql} they are c0, c1, … of {@code types}
     */
    private record Table(String sql, List<String> names, List<String> types) {
        /** Column i as the string that stands in the file. */
        String value(int i) {
            return types.get(i).equals("JSON") ? "c" + i + " ->> '$'" : "CAST(c" + i + " AS VARCHAR)";
        }
    }

    private TableReader() {}

    /** Adds the rows of a CSV, TSV, JSON or Parquet file and says which columns they are made of. */
    static Columns file(Path file, Format format, ReadOptions options, Rows rows) {
        try (var connection = connect()) {
            if (format == Format.PARQUET) {
                return read(file, connection, parquet(connection, file), options, rows);
            }
            try (var source = TextSource.open(file, options.charset())) {
                return read(file, connection, text(connection, file, source, format, options), options, rows);
            }
        } catch (SQLException e) {
            throw DuckDbErrors.explain(file, format, options, e);
        }
    }

    /** Adds the rows that a query gives, which may name {@code file} as {@code data}. */
    static void query(Path file, String sql, ReadOptions options, Rows rows) {
        // The view is made on demand: a query that reads the file by its path may do so where our reading cannot.
        if (!NAMES_DATA.matcher(sql).find()) {
            query(file, null, null, sql, options, rows);
            return;
        }
        Format format = options.format() == null ? Format.of(file) : options.format();
        if (format == Format.LINES) {
            throw new InputException("A query cannot read " + file + " as lines; give --format csv or tsv.");
        }
        if (format == Format.PARQUET) {
            query(file, format, null, sql, options, rows);
            return;
        }
        try (var source = TextSource.open(file, options.charset())) {
            query(file, format, source, sql, options, rows);
        }
    }

    private static void query(
            Path file,
            @Nullable Format format,
            @Nullable TextSource source,
            String sql,
            ReadOptions options,
            Rows rows) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            if (format != null) {
                var table =
                        source == null ? parquet(connection, file) : text(connection, file, source, format, options);
                String columns = IntStream.range(0, table.names.size())
                        .mapToObj(i -> table.value(i) + " AS " + identifier(table.names.get(i)))
                        .collect(Collectors.joining(", "));
                statement.execute("CREATE VIEW data AS SELECT " + columns + " FROM " + table.sql);
            }
            statement.execute("CREATE VIEW query_result AS " + sql);
            read(file, connection, describe(connection, "query_result"), options, rows);
        } catch (SQLException e) {
            throw new InputException("The query on " + file + " failed: " + DuckDbErrors.firstLine(e), e);
        }
    }

    private static Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("jdbc_stream_results", "true");
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        return DriverManager.getConnection("jdbc:duckdb:", properties);
    }

    private static Columns read(Path file, Connection connection, Table table, ReadOptions options, Rows rows)
            throws SQLException {
        var columns = Columns.choose(file, table.names, options);
        var selected = new ArrayList<String>();
        columns.text().forEach(i -> selected.add(table.value(i)));
        if (columns.label() != null) {
            selected.add(table.value(columns.label()));
        }
        int texts = columns.text().size();
        String query = "SELECT " + String.join(", ", selected) + " FROM " + table.sql;
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                String text = texts == 1 ? result.getString(1) : joined(result, texts, options.textSeparator());
                rows.add(text, columns.label() == null ? null : result.getString(texts + 1));
            }
            return columns;
        } catch (SQLException e) {
            throw reason(connection, query, e);
        }
    }

    /**
     * Why a query failed: where rows are streamed DuckDB only says that they broke off, so it is asked again for all
     * rows at once, in a statement that keeps none of them.
     */
    private static SQLException reason(Connection connection, String query, SQLException streamed) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMP TABLE reason AS SELECT max(COLUMNS(*)) FROM (" + query + ")");
            return streamed;
        } catch (SQLException e) {
            return e;
        }
    }

    /** The texts that are there, with the separator between. */
    private static String joined(ResultSet result, int texts, String separator) throws SQLException {
        var parts = new ArrayList<String>();
        for (int i = 1; i <= texts; i++) {
            String part = result.getString(i);
            if (part != null && !part.isEmpty()) {
                parts.add(part);
            }
        }
        return String.join(separator, parts);
    }

    private static Table text(Connection connection, Path file, TextSource source, Format format, ReadOptions options)
            throws SQLException {
        if (format == Format.JSON) {
            String lines = file.toString()
                            .toLowerCase(Locale.ROOT)
                            .replaceFirst("\\.gz$", "")
                            .endsWith(".json")
                    ? "auto"
                    : "newline_delimited";
            // Depth 1 leaves every field as the JSON it is.
            return describe(
                    connection,
                    "read_json(" + path(source.file()) + ", format = '" + lines
                            + "', maximum_depth = 1, sample_size = -1, hive_partitioning = false" + compression(source)
                            + ")");
        }
        return csv(file, source, format, options);
    }

    private static Table csv(Path file, TextSource source, Format format, ReadOptions options) {
        String delimiter = options.delimiter(format);
        String quote = options.quote() != null ? options.quote() : "\"";
        if (delimiter.equals(quote)) {
            throw new InputException("The delimiter and the quote of " + file + " are both '" + quote + "'.");
        }
        List<String> cells = CsvHead.read(file, source, delimiter.charAt(0), quote);
        if (!quote.isEmpty()) {
            StrayQuotes.requireClosed(file, source, delimiter.charAt(0), quote.charAt(0));
        }
        boolean header = options.header() != null ? options.header() : Columns.looksLikeHeader(cells, options);
        var names = IntStream.range(0, cells.size())
                .mapToObj(i -> header ? cells.get(i).strip() : Integer.toString(i))
                .toList();
        String columns = IntStream.range(0, cells.size())
                .mapToObj(i -> "'c" + i + "': 'VARCHAR'")
                .collect(Collectors.joining(", ", "{", "}"));
        // One thread: line numbers in errors are right and quoted line breaks never meet a chunk's border.
        String sql =
                "read_csv(" + path(source.file()) + ", auto_detect = false, parallel = false, skip = 0, comment = ''"
                        + ", hive_partitioning = false, delim = " + literal(delimiter) + ", quote = " + literal(quote)
                        + ", escape = " + literal(quote) + ", header = " + header + ", columns = " + columns
                        + compression(source) + ")";
        return new Table(sql, names, Collections.nCopies(names.size(), "VARCHAR"));
    }

    private static Table parquet(Connection connection, Path file) throws SQLException {
        return describe(
                connection, "read_parquet(" + path(file) + ", binary_as_string = true, hive_partitioning = false)");
    }

    /** A table whose columns DuckDB knows. */
    private static Table describe(Connection connection, String from) throws SQLException {
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
        return new Table(from + " AS t(" + aliases + ")", names, types);
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
