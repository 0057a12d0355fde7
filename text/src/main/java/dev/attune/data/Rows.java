package dev.attune.data;

import dev.attune.files.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects a file's rows into a data set: names the labels, sees to empty texts. */
final class Rows {
    private static final Logger LOG = LoggerFactory.getLogger(Rows.class);

    private final Path file;
    private final String unit;
    private final Map<String, String> labelNames;
    private final EmptyText emptyText;
    private final List<Example> examples = new ArrayList<>();
    private long read;
    private long empty;
    private long firstEmpty;

    /** @param unit what a row is called in messages: row or line */
    Rows(Path file, String unit, ReadOptions options) {
        this.file = file;
        this.unit = unit;
        this.labelNames = options.labelNames();
        this.emptyText = options.emptyText();
    }

    void add(@Nullable String text, @Nullable String label) {
        read++;
        if (text == null || text.isBlank()) {
            empty++;
            firstEmpty = empty == 1 ? read : firstEmpty;
            if (emptyText != EmptyText.KEEP) {
                return;
            }
        }
        examples.add(new Example(text == null ? "" : text, name(label)));
    }

    private @Nullable String name(@Nullable String label) {
        if (label == null || label.isEmpty()) {
            return null;
        }
        if (labelNames.isEmpty()) {
            return label;
        }
        String name = labelNames.get(label);
        if (name == null) {
            throw new InputException(file + ", " + unit + " " + read + ": the label '" + label
                    + "' has no name; names are given for " + Listing.of(List.copyOf(labelNames.keySet())) + ".");
        }
        return name;
    }

    Dataset dataset() {
        if (empty > 0 && emptyText == EmptyText.FAIL) {
            throw new InputException(file + ", " + unit + " " + firstEmpty + ": the text is empty (" + empty + " of "
                    + read + " rows); leave such rows out with --empty-text drop or keep them with --empty-text keep.");
        }
        if (empty > 0 && emptyText == EmptyText.DROP) {
            LOG.warn("{}: left out {} of {} rows, whose text is empty", file, empty, read);
        }
        if (labelNames.isEmpty()) {
            return Dataset.of(file.toString(), examples);
        }
        return new Dataset(
                file.toString(),
                examples,
                new LabelSet(labelNames.values().stream().distinct().toList()));
    }
}
