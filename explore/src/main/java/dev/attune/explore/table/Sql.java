package dev.attune.explore.table;

import dev.attune.data.TableSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Statements on the connection of a table; what DuckDB refuses is told as the source's readers tell it. */
record Sql(TableSource source) {
    private static final int COLUMNS_A_STATEMENT = 50;

    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    void execute(String sql) {
        try (var statement = source.connection().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw source.explain(e);
        }
    }

    <T> List<T> query(String sql, RowReader<T> reader) {
        try (var statement = source.connection().createStatement();
                var result = statement.executeQuery(sql)) {
            var rows = new ArrayList<T>();
            while (result.next()) {
                rows.add(reader.read(result));
            }
            return rows;
        } catch (SQLException e) {
            throw source.explain(e);
        }
    }

    /** The only row of a query. */
    <T> T one(String sql, RowReader<T> reader) {
        return query(sql, reader).get(0);
    }

    /** An expression for each of {@code columns}, comma-separated. */
    static String each(List<Integer> columns, IntFunction<String> expression) {
        return columns.stream().map(expression::apply).collect(Collectors.joining(", "));
    }

    /** Statements on many columns take DuckDB's planner time by the square of their number. */
    static List<List<Integer>> chunks(List<Integer> columns) {
        return chunks(columns, COLUMNS_A_STATEMENT);
    }

    static List<List<Integer>> chunks(List<Integer> columns, int size) {
        return IntStream.iterate(0, from -> from < columns.size(), from -> from + size)
                .mapToObj(from -> columns.subList(from, Math.min(from + size, columns.size())))
                .toList();
    }

    static List<Integer> upTo(int columns) {
        return IntStream.range(0, columns).boxed().toList();
    }

    static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
