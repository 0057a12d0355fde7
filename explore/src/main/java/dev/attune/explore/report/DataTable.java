package dev.attune.explore.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of words and numbers.
 *
 * @param note may be empty
 */
public record DataTable(String title, String note, List<Column> columns, List<List<String>> rows) implements Block {
    /** A heading, and whether its cells are numbers, which stand to the right. */
    public record Column(String name, boolean numeric) {}

    public DataTable {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /** An empty table; headings that begin with {@code #} are of numbers. */
    static Builder of(String title, String note, String... headings) {
        return new Builder(title, note, headings);
    }

    /** Collects rows. */
    static final class Builder {
        private final String title;
        private final String note;
        private final List<Column> columns = new ArrayList<>();
        private final List<List<String>> rows = new ArrayList<>();

        private Builder(String title, String note, String... headings) {
            this.title = title;
            this.note = note;
            for (String heading : headings) {
                columns.add(new Column(heading.replaceFirst("^#", ""), heading.startsWith("#")));
            }
        }

        Builder row(String... cells) {
            rows.add(List.of(cells));
            return this;
        }

        DataTable build() {
            return new DataTable(title, note, columns, rows);
        }
    }
}
