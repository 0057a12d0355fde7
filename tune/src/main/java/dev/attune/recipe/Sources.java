package dev.attune.recipe;

import dev.attune.checkpoint.ModelFolders;
import dev.attune.data.Catalog;
import dev.attune.data.Dataset;
import dev.attune.data.Split;
import dev.attune.files.InputException;
import dev.attune.files.Suggestions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The data and the model that a recipe names. */
public final class Sources {
    private static final String ALL = "all"; // of known sets that come in one piece
    private static final String TRAIN = "train";
    private static final String VALIDATION = "validation";
    private static final String TEST = "test";
    private static final String UNLABELLED = "unlabelled";

    private Sources() {}

    static Path model(String name, RunListener listener) {
        return ModelFolders.fromEnvironment((source, done, total) -> listener.fetching(source.toString(), done, total))
                .resolve(name);
    }

    /**
     * Reads, cleans and divides the data. A validation or test part that comes as a file of its own is taken whole; the shares
     * of {@code split} then hold between the others.
     */
    public static Split split(Recipe recipe, RunListener listener) {
        var options = recipe.data();
        var parts = new HashMap<>(parts(options, listener));
        parts.values()
                .removeIf(part -> part.labelled() == 0); // such as twitter-complaints' test part, meant to be predicted
        if (options.validationData() != null) {
            parts.put(VALIDATION, Dataset.read(options.validationData(), options.readOptions()));
        }
        if (options.testData() != null) {
            parts.put(TEST, Dataset.read(options.testData(), options.readOptions()));
        }
        Dataset raw = parts.getOrDefault(ALL, parts.get(TRAIN));
        if (raw == null) {
            throw new InputException(
                    options.data() + " has no labels to train with. Name their column with --label-column.");
        }
        long seed = recipe.splitSeed();
        Split own = divided(options.cleaned(raw, seed), options, parts, seed);
        return new Split(own.train(), whole(parts, VALIDATION, own.validation()), whole(parts, TEST, own.test()));
    }

    /**
     * What {@code data} names, as it is: a file is one part, "train"; of a known set each part that its authors made, or "all".
     *
     * @throws InputException when it is neither
     */
    public static Map<String, Dataset> parts(DataOptions options, RunListener listener) {
        String name = options.data();
        if (name.isEmpty()) {
            throw new InputException("No data was named: --data takes a file or a known data set (attune data list).");
        }
        if (Files.exists(Path.of(name))) {
            return Map.of(TRAIN, Dataset.read(Path.of(name), options.readOptions()));
        }
        var catalog = catalog(options, listener);
        if (!catalog.names().contains(name)) {
            throw new InputException("There is no file " + name + " and no known data set of that name."
                    + Suggestions.nearest(name, catalog.names()));
        }
        return catalog.datasets(name);
    }

    /**
     * What there is to be predicted in the data that {@code options} name: a known set's unlabelled part where it has one, otherwise
     * all there is.
     */
    public static Map<String, Dataset> toPredict(DataOptions options, RunListener listener) {
        var parts = parts(options, listener);
        var unlabelled = parts.get(UNLABELLED);
        return unlabelled == null ? parts : Map.of(UNLABELLED, unlabelled);
    }

    /**
     * Another column of a part that {@link #parts} gave, one value for each row.
     *
     * @throws InputException when there is no such column
     */
    public static List<String> column(DataOptions options, String part, String column, RunListener listener) {
        Path file = Path.of(options.data());
        return Files.exists(file)
                ? Dataset.column(file, options.readOptions(), column)
                : catalog(options, listener).column(options.data(), part, column);
    }

    /** What the data's own column of labels is called, if it has one. */
    public static Optional<String> labelColumn(DataOptions options, RunListener listener) {
        Path file = Path.of(options.data());
        return Files.exists(file)
                ? Dataset.labelColumn(file, options.readOptions())
                : catalog(options, listener).labelColumn(options.data());
    }

    /** The column that a known data set's authors number its rows in, if it is one that has it. */
    public static Optional<String> idColumn(DataOptions options, RunListener listener) {
        return Files.exists(Path.of(options.data()))
                ? Optional.empty()
                : Optional.ofNullable(catalog(options, listener)
                        .entry(options.data())
                        .reading()
                        .idColumn());
    }

    private static Catalog catalog(DataOptions options, RunListener listener) {
        return Catalog.fromEnvironment(
                options.dataDir(), (source, done, total) -> listener.fetching(source.toString(), done, total));
    }

    private static Split divided(Dataset all, DataOptions options, Map<String, Dataset> parts, long seed) {
        List<Double> shares = options.split();
        double train = shares.get(0);
        double validation = parts.containsKey(VALIDATION) ? 0 : shares.get(1);
        double test = parts.containsKey(TEST) ? 0 : shares.get(2);
        double sum = train + validation + test;
        return options.stratify()
                ? all.split(train / sum, validation / sum, test / sum, seed)
                : all.plainSplit(train / sum, validation / sum, test / sum, seed);
    }

    private static Dataset whole(Map<String, Dataset> parts, String name, Dataset split) {
        Dataset given = parts.get(name);
        return given == null ? split : given.withLabels(split.labels());
    }
}
