package dev.attune.explore.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A number for each row and column.
 *
 * @param unit of the values; may be empty
 * @param entries what stands behind the cells, in the order in which it is listed; may be none
 */
public record Matrix(
        String id,
        String title,
        String summary,
        String rowAxis,
        String columnAxis,
        List<String> rows,
        List<String> columns,
        List<List<@Nullable Double>> values,
        Scale scale,
        String unit,
        List<Entry> entries)
        implements Chart {
    /** How values become colours. */
    public enum Scale {
        /** From -1 to 1. */
        SIGNED,
        /** 0 and more, each row by itself. */
        COUNTS
    }

    /** A text in a cell, by the cell's place. */
    public record Entry(int row, int column, String text, String note) {}

    public Matrix {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        values = List.copyOf(values);
        entries = List.copyOf(entries);
    }
}
