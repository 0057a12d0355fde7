package dev.attune.data;

import dev.attune.files.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The first row of a delimited file, which tells how many columns there are and whether it names them. */
final class CsvHead {
    /** A first row longer than this is taken for the work of a stray quote. */
    private static final int MOST_CHARACTERS = 1 << 24;

    private CsvHead() {}

    /**
     * @param quote one character or empty
     * @throws InputException when the file is empty or a quote in the first row is never closed
     */
    static List<String> read(Path file, TextSource source, char delimiter, String quote) {
        try (var in = source.reader()) {
            return read(file, in, delimiter, quote.isEmpty() ? -1 : quote.charAt(0));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static List<String> read(Path file, BufferedReader in, char delimiter, int quote) throws IOException {
        var cells = new ArrayList<String>();
        var cell = new StringBuilder();
        int length = 0;
        boolean quoted = false;
        int c = in.read();
        while (c == '\n' || c == '\r') {
            c = in.read();
        }
        if (c < 0) {
            throw new InputException(file + " is empty.");
        }
        for (; c >= 0 && length < MOST_CHARACTERS; c = in.read(), length++) {
            if (c == quote && (quoted || cell.isEmpty())) {
                in.mark(1);
                if (quoted && in.read() == quote) {
                    cell.append((char) c);
                } else {
                    if (quoted) {
                        in.reset();
                    }
                    quoted = !quoted;
                }
            } else if (quoted || (c != delimiter && c != '\n' && c != '\r')) {
                cell.append((char) c);
            } else {
                cells.add(cell.toString());
                cell.setLength(0);
                if (c != delimiter) {
                    return cells;
                }
            }
        }
        if (quoted || c >= 0) {
            throw StrayQuotes.neverClosed(file, 1);
        }
        cells.add(cell.toString());
        return cells;
    }
}
