package dev.attune.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A known data set.
 *
 * @param title what it holds, in a line
 * @param homepage where its authors describe it
 * @param licence what its source says of its use
 * @param citation the paper it came with
 * @param labels the classes, in the order of their ids
 * @param reading how its files are read
 * @param parts "train", "validation", "test" as its authors divided it; "all" where they did not; "unlabelled"
 */
public record CatalogEntry(
        String title,
        URI homepage,
        String licence,
        String citation,
        List<String> labels,
        Reading reading,
        Map<String, Part> parts) {

    public CatalogEntry {
        labels = List.copyOf(labels);
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /**
     * A part's files.
     *
     * @param texts the table, or the lines
     * @param labelsOrNull where the labels are lines of a file of their own
     */
    public record Part(
            SourceFile texts,
            @JsonProperty("labels") @Nullable SourceFile labelsOrNull) {
        public Optional<SourceFile> labels() {
            return Optional.ofNullable(labelsOrNull);
        }
    }

    /**
     * A file as its source publishes it.
     *
     * @param path its place in a data folder, with forward slashes
     * @param sha256 of its content
     * @param bytes its length
     * @param sources where it is fetched from; each after the first is tried when those before it fail
     */
    public record SourceFile(String path, String sha256, long bytes, List<Source> sources) {
        public SourceFile {
            sources = List.copyOf(sources);
        }
    }

    /**
     * Where a file is.
     *
     * @param url of the file, or of an archive that holds it
     * @param memberOrNull its name in the archive
     */
    public record Source(
            URI url, @JsonProperty("member") @Nullable String memberOrNull) {
        public Optional<String> member() {
            return Optional.ofNullable(memberOrNull);
        }
    }

    /**
     * The options of {@link ReadOptions} that differ from its defaults, under the same names.
     *
     * @param idColumn the column that its authors number the rows in, if they do
     */
    public record Reading(
            @Nullable Format format,
            @Nullable String quote,
            @Nullable Boolean header,
            @Nullable String encoding,
            @Nullable List<String> textColumns,
            @Nullable String labelColumn,
            @Nullable String idColumn,
            @Nullable String labelSeparator,
            @Nullable Map<String, String> labelNames) {}

    /** How the part's files are read, its labels' file being {@code labelsFile}. */
    ReadOptions options(@Nullable Path labelsFile) {
        var builder = ReadOptions.builder()
                .format(reading.format())
                .quote(reading.quote())
                .header(reading.header())
                .labelColumn(reading.labelColumn())
                .labelSeparator(reading.labelSeparator())
                .labelsFile(labelsFile);
        if (reading.encoding() != null) {
            builder.encoding(reading.encoding());
        }
        if (reading.textColumns() != null) {
            builder.textColumns(reading.textColumns());
        }
        if (reading.labelNames() != null) {
            builder.labelNames(reading.labelNames());
        }
        return builder.build();
    }
}
