package dev.attune.explore.table;

import java.util.List;

/**
 * A table described, column by column.
 *
 * @param duplicateRows rows that are the same as an earlier one (told apart by a hash of 64 bits)
 * @param incompleteRows rows with one missing value or more
 */
public record TableProfile(
        String name, long rows, List<ColumnProfile> columns, long duplicateRows, long incompleteRows) {
    public TableProfile {
        columns = List.copyOf(columns);
    }

    /** Counts in a handful of passes over the table, none of which brings its rows into this process's memory. */
    public static TableProfile of(Table table) {
        return new Profiling(table).profile();
    }
}
