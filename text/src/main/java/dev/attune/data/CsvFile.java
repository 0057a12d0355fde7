package dev.attune.data;

import dev.attune.files.AtomicFile;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Comma-separated values as RFC 4180 writes them, with {@code \n} between the rows, in UTF-8. */
public final class CsvFile {
    private CsvFile() {}

    /** Writes the rows; the file is there whole or not at all. */
    public static void write(Path file, Stream<List<String>> rows) {
        AtomicFile.write(file, temporary -> {
            try (Writer out = Files.newBufferedWriter(temporary, StandardCharsets.UTF_8)) {
                for (Iterator<List<String>> row = rows.iterator(); row.hasNext(); ) {
                    writeRow(out, row.next());
                }
            }
        });
    }

    private static void writeRow(Writer out, List<String> row) throws IOException {
        for (int i = 0; i < row.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            String field = row.get(i);
            out.write(needsQuotes(field) ? '"' + field.replace("\"", "\"\"") + '"' : field);
        }
        out.write('\n');
    }

    private static boolean needsQuotes(String field) {
        if (field.isEmpty()) {
            return true;
        }
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == ',' || c == '"' || c == '\n' || c == '\r') {
                return true;
            }
        }
        return Character.isWhitespace(field.charAt(0)) || Character.isWhitespace(field.charAt(field.length() - 1));
    }
}
