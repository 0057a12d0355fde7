package dev.attune.data;

import dev.attune.files.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * Finds rows that a stray quote has swallowed, where DuckDB's strict reading does not. A quote that opens a field and is
 * never closed runs to the file's end. One that is closed by another lines below makes a single valid field of all
 * between (two lines of the SMS spam collection, read with quotes, go that way); what gives it away is a line inside a
 * text that begins or ends as a row of this file does, with a label in the first or last column. A file that needs such
 * texts says so by naming its quote.
 */
final class StrayQuotes {
    private StrayQuotes() {}

    /** @throws InputException naming the first row whose text looks like several rows */
    static void requireNoRowsWithin(Path file, Dataset data, Columns columns, String delimiter, ReadOptions options) {
        if (columns.label() == null) {
            return;
        }
        Set<String> labels = options.labelNames().isEmpty()
                ? Set.copyOf(data.labels().names())
                : options.labelNames().keySet();
        boolean labelFirst = columns.label() == 0;
        boolean labelLast = columns.label() == columns.width() - 1;
        for (int row = 0; row < data.size(); row++) {
            String text = data.examples().get(row).text();
            if (text.indexOf('\n') < 0) {
                continue;
            }
            String[] lines = text.split("\r?\n", -1);
            for (int i = 0; i < lines.length; i++) {
                int first = lines[i].indexOf(delimiter);
                int last = lines[i].lastIndexOf(delimiter);
                boolean begins = labelFirst && i > 0 && first > 0 && labels.contains(lines[i].substring(0, first));
                boolean ends =
                        labelLast && i < lines.length - 1 && last >= 0 && labels.contains(lines[i].substring(last + 1));
                if (begins || ends) {
                    throw new InputException(file + ", row " + (row + 1) + ": the text runs over several lines that "
                            + "look like rows of their own. If quotes are plain characters in this file, read it with "
                            + "--quote none; if the text is right, confirm the quotes with --quote '\"'.");
                }
            }
        }
    }

    /**
     * DuckDB leaves out a last row whose quote is never closed, and with it all lines down to the file's end.
     *
     * @throws InputException naming the line of such a quote
     */
    static void requireClosed(Path file, TextSource source, char delimiter, char quote) {
        char[] buffer = new char[1 << 16];
        boolean quoted = false;
        boolean justClosed = false;
        boolean fieldStart = true;
        long line = 1;
        long opened = 0;
        try (var in = source.reader()) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                for (int i = 0; i < length; i++) {
                    char c = buffer[i];
                    line += c == '\n' ? 1 : 0;
                    if (quoted) {
                        quoted = c != quote;
                        justClosed = !quoted;
                    } else if (c == quote && (fieldStart || justClosed)) {
                        opened = fieldStart ? line : opened;
                        quoted = true;
                        fieldStart = false;
                    } else {
                        justClosed = false;
                        fieldStart = c == delimiter || c == '\n' || c == '\r' || (fieldStart && c == ' ');
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
        if (quoted) {
            throw neverClosed(file, opened);
        }
    }

    static InputException neverClosed(Path file, long line) {
        return new InputException(file + ", line " + line + ": a quote is opened and never closed. If quotes are plain "
                + "characters in this file, read it with --quote none.");
    }
}
