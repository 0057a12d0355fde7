package dev.attune.data;

import dev.attune.files.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files with one text a line: with its label before it, with the labels in a second file, or without. */
final class LineReader {
    private LineReader() {}

    static void read(Path file, ReadOptions options, Rows rows) {
        try (var source = TextSource.open(file, options.charset());
                var lines = source.reader()) {
            if (options.labelsFile() != null) {
                readParallel(file, lines, options.labelsFile(), options, rows);
            } else if (options.labelSeparator() != null) {
                readLabelFirst(file, lines, options.labelSeparator(), rows);
            } else {
                for (String line = next(lines); line != null; line = next(lines)) {
                    rows.add(line, null);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static void readLabelFirst(Path file, BufferedReader lines, String separator, Rows rows)
            throws IOException {
        long number = 0;
        for (String line = next(lines); line != null; line = next(lines)) {
            number++;
            int end = line.indexOf(separator);
            if (end < 1) {
                throw new InputException(file + ", line " + number + ": no label stands before a '" + separator
                        + "'; name what separates label and text with --label-separator.");
            }
            rows.add(line.substring(end + separator.length()), line.substring(0, end));
        }
    }

    private static void readParallel(Path file, BufferedReader texts, Path labelsFile, ReadOptions options, Rows rows)
            throws IOException {
        InputFile.require(labelsFile);
        try (var source = TextSource.open(labelsFile, options.charset());
                var labels = source.reader()) {
            long number = 0;
            String text = next(texts);
            String label = next(labels);
            while (text != null && label != null) {
                number++;
                rows.add(text, label.strip());
                text = next(texts);
                label = next(labels);
            }
            if (text != null || label != null) {
                throw new InputException((text != null ? labelsFile : file) + " ends after line " + number + ", but "
                        + (text != null ? file : labelsFile)
                        + " goes on; the n-th line of one has to be the label of the n-th line of the other.");
            }
        }
    }

    /**
     * The next line without its end, {@code \n} or {@code \r\n}. Not {@link BufferedReader#readLine}: that also ends a
     * line at a lone {@code \r}, which texts off the web contain, and parallel files would come apart.
     */
    private static @Nullable String next(BufferedReader in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
                    line.setLength(line.length() - 1);
                }
                return line.toString();
            }
            line.append((char) c);
        }
        return line.isEmpty() ? null : line.toString();
    }
}
