package dev.attune.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows of cells in columns as wide as their longest cell; columns of numbers stand to the right. */
final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    Table row(Object... cells) {
        var row = new ArrayList<String>();
        for (Object cell : cells) {
            row.add(cell.toString());
        }
        rows.add(row);
        return this;
    }

    void print(PrintWriter out) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        for (var row : rows) {
            var line = new StringBuilder();
            for (int c = 0; c < row.size(); c++) {
                String blanks = " ".repeat(width(c) - row.get(c).length());
                boolean last = c == columns - 1;
                line.append(c == 0 ? "" : GAP);
                line.append(isNumeric(c) ? blanks + row.get(c) : row.get(c) + (last ? "" : blanks));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private int width(int column) {
        return rows.stream()
                .filter(row -> row.size() > column)
                .mapToInt(row -> row.get(column).length())
                .max()
                .orElse(0);
    }

    /** Whether every cell below the heading is a number, a share or empty. */
    private boolean isNumeric(int column) {
        return rows.stream()
                .skip(1)
                .filter(row -> row.size() > column)
                .allMatch(row -> row.get(column).matches("[-+]?[0-9.,]*(e[-+][0-9]+)?%?"));
    }
}
