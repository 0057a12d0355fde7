package dev.attune.data;

import dev.attune.files.Download;
import dev.attune.files.InputException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Texts with their labels, in order. Every method that changes something gives a new data set; those that draw do so
 * by a seed and give the same rows on every machine.
 *
 * @param name where it came from, for messages
 * @param labels the classes; a label of an example is always one of them, but a class may have no example
 */
public record Dataset(String name, List<Example> examples, LabelSet labels) {
    private static final Logger LOG = LoggerFactory.getLogger(Dataset.class);

    /** @throws InputException when an example's label is not in {@code labels} */
    public Dataset {
        examples = List.copyOf(examples);
        for (int i = 0; i < examples.size(); i++) {
            String label = examples.get(i).label();
            if (label != null && !labels.contains(label)) {
                throw new InputException("Row " + (i + 1) + " of " + name + " has the label '" + label
                        + "', which is none of " + Listing.of(labels.names()) + ".");
            }
        }
    }

    /**
     * Reads a file.
     *
     * @throws InputException when it cannot be read as {@code options} say
     */
    public static Dataset read(Path file, ReadOptions options) {
        return DatasetReader.read(file, options);
    }

    /**
     * Another column of a table's rows, such as their numbers; in their order, one for each row, empty ones too.
     *
     * @throws InputException when there is no such column, or the file cannot be read as {@code options} say
     */
    public static List<String> column(Path file, ReadOptions options, String column) {
        return DatasetReader.column(file, options, column);
    }

    /** What the column of a table's labels is called; empty where there is none, or the file is one text a line. */
    public static Optional<String> labelColumn(Path file, ReadOptions options) {
        return DatasetReader.labelColumn(file, options);
    }

    /**
     * The whole of a known data set that comes in one piece, the training part of others; downloaded on first use.
     *
     * @throws InputException for an unknown name, or when it cannot be downloaded
     */
    public static Dataset catalog(String name) {
        var parts = Catalog.fromEnvironment(null, Download.Progress.NONE).datasets(name);
        return Objects.requireNonNull(parts.getOrDefault("all", parts.get("train")));
    }

    /** A data set whose classes are the labels that occur, sorted as {@link LabelSet#of} does. */
    public static Dataset of(String name, List<Example> examples) {
        return new Dataset(name, examples, labelsOf(examples));
    }

    static LabelSet labelsOf(List<Example> examples) {
        Set<String> seen = new LinkedHashSet<>();
        for (Example example : examples) {
            if (example.label() != null) {
                seen.add(example.label());
            }
        }
        return LabelSet.of(seen);
    }

    public int size() {
        return examples.size();
    }

    public List<String> texts() {
        return examples.stream().map(Example::text).toList();
    }

    /** How many examples have a label. */
    public int labelled() {
        return (int)
                examples.stream().filter(example -> example.label() != null).count();
    }

    /**
     * The id of every example's label, in order.
     *
     * @throws InputException when an example has none
     */
    public int[] labelIds() {
        requireLabelled();
        return examples.stream()
                .mapToInt(example -> labels.indexOf(Objects.requireNonNull(example.label())))
                .toArray();
    }

    /** The number of examples of each class, in the classes' order; examples without a label are not counted. */
    public Map<String, Integer> counts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String label : labels.names()) {
            counts.put(label, 0);
        }
        for (Example example : examples) {
            if (example.label() != null) {
                counts.merge(example.label(), 1, Integer::sum);
            }
        }
        return counts;
    }

    /**
     * The same examples under another set of classes, as evaluation on a file of its own needs it.
     *
     * @throws InputException when an example's label is not among them
     */
    public Dataset withLabels(LabelSet known) {
        for (Example example : examples) {
            if (example.label() != null && !known.contains(example.label())) {
                throw new InputException(name + ": label '" + example.label() + "' was not seen in training; known: "
                        + Listing.of(known.names()) + ".");
            }
        }
        return new Dataset(name, examples, known);
    }

    public Dataset withName(String other) {
        return new Dataset(other, examples, labels);
    }

    /** As many examples of every class as the smallest class has; see {@link #balanced(double, long)}. */
    public Dataset balanced(long seed) {
        return balanced(1, seed);
    }

    /**
     * Undersamples: no class keeps more than {@code ratio} times the examples of the smallest class that has any.
     * What is kept is drawn by the seed and stays in its order.
     *
     * @param ratio at least 1
     * @throws InputException when an example has no label
     */
    public Dataset balanced(double ratio, long seed) {
        if (!(ratio >= 1)) {
            throw new InputException("The balance ratio is " + ratio + "; it has to be 1 or more.");
        }
        requireLabelled();
        int smallest = counts().values().stream()
                .filter(count -> count > 0)
                .mapToInt(count -> count)
                .min()
                .orElse(0);
        int most = (int) Math.min(size(), Math.floor(smallest * ratio + 1e-9));
        int[] left = new int[labels.size()];
        Arrays.fill(left, most);
        boolean[] kept = new boolean[size()];
        for (int row : Shuffle.permutation(size(), seed)) {
            int label = labels.indexOf(Objects.requireNonNull(examples.get(row).label()));
            kept[row] = left[label]-- > 0;
        }
        var rows = new ArrayList<Example>();
        for (int row = 0; row < kept.length; row++) {
            if (kept[row]) {
                rows.add(examples.get(row));
            }
        }
        return with(rows);
    }

    /**
     * Each text once, with the label it has first. Where a text stands under different labels a warning is logged;
     * {@link #duplicates} lists them.
     */
    public Dataset deduplicated() {
        Map<String, Example> first = new LinkedHashMap<>();
        for (Example example : examples) {
            first.putIfAbsent(example.text(), example);
        }
        int conflicts = duplicates().conflicts().size();
        if (conflicts > 0) {
            LOG.warn("{}: {} texts stand under different labels; the first label of each is kept", name, conflicts);
        }
        return with(List.copyOf(first.values()));
    }

    /** What {@link #deduplicated} would take away. */
    public Duplicates duplicates() {
        Map<String, Set<@Nullable String>> seen = new LinkedHashMap<>();
        for (Example example : examples) {
            seen.computeIfAbsent(example.text(), text -> new LinkedHashSet<>()).add(example.label());
        }
        var conflicts = new ArrayList<Duplicates.Conflict>();
        seen.forEach((text, found) -> {
            var different = found.stream().filter(Objects::nonNull).toList();
            if (different.size() > 1) {
                conflicts.add(new Duplicates.Conflict(text, different));
            }
        });
        return new Duplicates(size() - seen.size(), conflicts);
    }

    /** The first {@code most} examples. */
    public Dataset limit(int most) {
        if (most < 0) {
            throw new InputException("The limit is " + most + "; it has to be 0 or more rows.");
        }
        return most >= size() ? this : with(examples.subList(0, most));
    }

    public Dataset shuffled(long seed) {
        return with(rows(Shuffle.permutation(size(), seed)));
    }

    /**
     * Three parts of {@link Partition#sizes exact sizes}, each with the classes in their proportions (stratified), each
     * shuffled. Examples without a label are treated as a class of their own.
     *
     * @param train share of the examples; the three shares are 0 or more and add up to 1
     */
    public Split split(double train, double validation, double test, long seed) {
        return split(Partition.stratified(this, List.of(train, validation, test), seed));
    }

    /** As {@link #split}, but drawn without regard to the labels. */
    public Split plainSplit(double train, double validation, double test, long seed) {
        return split(Partition.plain(size(), List.of(train, validation, test), seed));
    }

    private Split split(List<int[]> parts) {
        return new Split(part("train", parts.get(0)), part("validation", parts.get(1)), part("test", parts.get(2)));
    }

    private Dataset part(String part, int[] rows) {
        return new Dataset(name + " (" + part + ")", rows(rows), labels);
    }

    /**
     * This data set, when a classifier can be trained on it.
     *
     * @throws InputException when it is empty, has an example without a label, or only one class
     */
    public Dataset requireTrainable() {
        if (examples.isEmpty()) {
            throw new InputException(name + " has no rows.");
        }
        requireLabelled();
        var present = counts().entrySet().stream()
                .filter(count -> count.getValue() > 0)
                .map(Map.Entry::getKey)
                .toList();
        if (present.size() < 2) {
            throw new InputException("All " + size() + " rows of " + name + " have the label '" + present.get(0)
                    + "'; a classifier needs two classes or more.");
        }
        return this;
    }

    private void requireLabelled() {
        int labelled = labelled();
        if (labelled == 0 && size() > 0) {
            throw new InputException(name + " has no labels; name the column that holds them with --label-column.");
        }
        if (labelled < size()) {
            int row = 0;
            while (examples.get(row).label() != null) {
                row++;
            }
            throw new InputException((size() - labelled) + " of " + size() + " rows of " + name
                    + " have no label, the first is row " + (row + 1) + "; fill them in or leave them out.");
        }
    }

    /** SHA-256 in hex of all texts and labels in their order, whatever file they came from. */
    public String sha256() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
        for (Example example : examples) {
            update(digest, example.text());
            update(digest, example.label());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Each string with its length before it, so that no two sequences of strings give the same bytes. */
    private static void update(MessageDigest digest, @Nullable String value) {
        byte[] bytes = value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES)
                .putInt(value == null ? -1 : bytes.length)
                .flip());
        digest.update(bytes);
    }

    private Dataset with(List<Example> other) {
        return new Dataset(name, other, labels);
    }

    private List<Example> rows(int[] rows) {
        var picked = new ArrayList<Example>(rows.length);
        for (int row : rows) {
            picked.add(examples.get(row));
        }
        return picked;
    }

    @Override
    public String toString() {
        return name + ": " + size() + " rows " + counts();
    }
}
