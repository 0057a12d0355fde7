package dev.attune.data;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;

/** The texts and labels of a table. */
final class TableReader {
    private TableReader() {}

    /** Adds the rows of a table and says which of its columns they are made of. */
    static Columns read(Path file, ReadOptions options, Rows rows) {
        try (var source = TableSource.ofTexts(file, options)) {
            var columns = source.columns();
            var selected = new ArrayList<String>();
            columns.text().forEach(i -> selected.add(source.value(i)));
            if (columns.label() != null) {
                selected.add(source.value(columns.label()));
            }
            read(source, "SELECT " + String.join(", ", selected) + " FROM " + source.from(), columns, options, rows);
            return columns;
        }
    }

    private static void read(TableSource source, String query, Columns columns, ReadOptions options, Rows rows) {
        int texts = columns.text().size();
        try (Statement statement = source.connection().createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                String text = texts == 1 ? result.getString(1) : joined(result, texts, options.textSeparator());
                rows.add(text, columns.label() == null ? null : result.getString(texts + 1));
            }
        } catch (SQLException e) {
            throw source.explain(reason(source, query, e));
        }
    }

    /**
     * Why a query failed: where rows are streamed DuckDB only says that they broke off, so it is asked again for all
     * rows at once, in a statement that keeps none of them.
     */
    private static SQLException reason(TableSource source, String query, SQLException streamed) {
        try (Statement statement = source.connection().createStatement()) {
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
}
