package dev.attune.data;

import dev.attune.files.InputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** What a file's bytes mean. Each may be gzipped ({@code .gz}), Parquet apart, which compresses by itself. */
public enum Format {
    /** Comma-separated values. */
    CSV("csv"),
    /** Tab-separated values. */
    TSV("tsv|tab"),
    /** One text a line; its label before it ({@link ReadOptions#labelSeparator}), in a second file, or not known. */
    LINES("txt|text"),
    /** One JSON object a line, or an array of objects. */
    JSON("jsonl|ndjson|json"),
    PARQUET("parquet|pq");

    /** Alternatives of a regular expression. */
    private final String endings;

    Format(String endings) {
        this.endings = endings;
    }

    /**
     * The format that the file's ending says.
     *
     * @throws InputException for an ending that is not known
     */
    public static Format of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> name.matches(".+\\.(?:" + format.endings + ")(?:\\.gz)?"))
                .findFirst()
                .orElseThrow(() -> new InputException("The ending of " + file
                        + " does not say what is in it; give --format csv, tsv, lines, json or parquet."));
    }
}
