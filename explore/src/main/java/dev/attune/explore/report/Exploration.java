package dev.attune.explore.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.files.AtomicFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A report of data, and the rows that it flags as outliers.
 *
 * @param flagged the strangest first
 */
public record Exploration(Report report, List<Flagged> flagged) {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * A row that is unlike the others.
     *
     * @param row in the data, from 1
     * @param score of the isolation forest, 0 to 1
     */
    public record Flagged(int row, double score, String text) {}

    public Exploration {
        flagged = List.copyOf(flagged);
    }

    /** Writes the report, and beside it, where there are any, the flagged rows as JSON lines ({@code NAME-outliers.jsonl}). */
    public void write(Path html) {
        report.writeHtml(html);
        if (!flagged.isEmpty()) {
            writeFlagged(outliersBeside(html));
        }
    }

    /** The file of the flagged rows. */
    public static Path outliersBeside(Path html) {
        return html.resolveSibling(
                String.valueOf(html.getFileName()).replaceFirst("\\.[^.]*$", "") + "-outliers.jsonl");
    }

    private void writeFlagged(Path file) {
        var lines = new StringBuilder();
        for (Flagged row : flagged) {
            try {
                lines.append(JSON.writeValueAsString(row)).append('\n');
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }
        AtomicFile.writeString(file, lines.toString());
    }
}
