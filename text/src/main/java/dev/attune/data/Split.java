package dev.attune.data;

import dev.attune.files.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The parts of a data set; validation and test may be empty. All three have the same classes. */
public record Split(Dataset train, Dataset validation, Dataset test) {
    private static final String TRAIN = "train.csv";
    private static final String VALIDATION = "validation.csv";
    private static final String TEST = "test.csv";
    private static final String LABELS = "labels.csv";
    private static final ReadOptions WRITTEN = ReadOptions.builder()
            .format(Format.CSV)
            .quote("\"")
            .header(true)
            .textColumns("text")
            .labelColumn("label")
            .emptyText(EmptyText.KEEP)
            .build();

    public Split {
        if (!train.labels().equals(validation.labels()) || !train.labels().equals(test.labels())) {
            throw new InputException("The parts of a split need the same classes, but train has " + train.labels()
                    + ", validation " + validation.labels() + " and test " + test.labels() + ".");
        }
    }

    /** Texts that stand in more than one part. */
    public LeakReport leaks() {
        return LeakReport.of(this);
    }

    /**
     * Writes train.csv, validation.csv and test.csv (RFC 4180, UTF-8, columns {@code text,label}) and labels.csv, which
     * keeps the classes in their order.
     */
    public void write(Path folder) {
        writePart(folder.resolve(TRAIN), train);
        writePart(folder.resolve(VALIDATION), validation);
        writePart(folder.resolve(TEST), test);
        var names = train.labels().names().stream().map(List::of);
        CsvFile.write(folder.resolve(LABELS), Stream.concat(Stream.of(List.of("label")), names));
    }

    private static void writePart(Path file, Dataset part) {
        var rows = part.examples().stream()
                .map(example -> List.of(example.text(), example.label() == null ? "" : example.label()));
        CsvFile.write(file, Stream.concat(Stream.of(List.of("text", "label")), rows));
    }

    /** Reads back what {@link #write} wrote; without a labels.csv the classes are the labels that occur, sorted. */
    public static Split read(Path folder) {
        var parts = new ArrayList<Dataset>();
        var all = new ArrayList<Example>();
        for (String file : List.of(TRAIN, VALIDATION, TEST)) {
            var part = DatasetReader.readMaybeEmpty(folder.resolve(file), WRITTEN);
            parts.add(part);
            all.addAll(part.examples());
        }
        LabelSet labels = Dataset.labelsOf(all);
        if (Files.exists(folder.resolve(LABELS))) {
            var options = WRITTEN.toBuilder().textColumns("label").build();
            labels = new LabelSet(DatasetReader.readMaybeEmpty(folder.resolve(LABELS), options)
                    .texts());
        }
        return new Split(
                parts.get(0).withLabels(labels),
                parts.get(1).withLabels(labels),
                parts.get(2).withLabels(labels));
    }
}
