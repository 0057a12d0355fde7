package dev.attune.cli;

import dev.attune.checkpoint.ModelFolders;
import dev.attune.data.Dataset;
import dev.attune.data.ReadOptions;
import dev.attune.data.Split;
import dev.attune.data.TableSource;
import dev.attune.explore.baseline.Baselines;
import dev.attune.explore.baseline.Labelled;
import dev.attune.explore.text.LabelNoise;
import dev.attune.explore.text.NearLeaks;
import dev.attune.explore.text.TextLengths;
import dev.attune.explore.text.TextProfile;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.RecipeOption;
import dev.attune.recipe.Sources;
import dev.attune.tokenizer.Tokenizer;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune data describe}: what is in a data set. */
@Command(
        name = "describe",
        abbreviateSynopsis = true,
        sortOptions = false,
        description = {
            "What is in texts: labels and their words, lengths, duplicates, oddities, and what the parts share. What is in a "
                    + "table: every column's figures, missing and odd values, scales, classes, correlations.",
            "",
            "A file without a column of texts is described as a table."
        },
        footer = {
            "",
            "Examples:",
            "  attune data describe sms-spam",
            "  attune data describe mails.csv --text-column subject,body --label-column team --model minilm",
            "  attune data describe people.csv"
        })
final class DataDescribe implements Callable<Integer>, LateOptions {
    private static final int CONFLICTS_SHOWN = 5;
    private static final int FOLDS = 5;
    private static final long SEED = 42;
    private static final double[] QUANTILES = {0, 0.5, 0.9, 0.99, 1};
    /** Options of a recipe's data that clean and divide what was read. */
    private static final Set<String> AFTER_READING = Set.of(
            "data",
            "validation-data",
            "test-data",
            "deduplicate",
            "balance",
            "limit",
            "split",
            "stratify",
            "split-seed");

    private final Console console;

    @Parameters(paramLabel = "DATA", description = "A file, or the name of a known data set (attune data list).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String data;

    @Option(names = "--model", description = "Count lengths in this model's tokens too.")
    private @Nullable String model;

    @Option(names = "--table", description = "Describe every column, also where one holds texts.")
    private boolean asTable;

    @Option(names = "--label-noise", description = "Look for wrong labels, by TF-IDF's cross-validated probabilities.")
    private boolean labelNoise;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    DataDescribe(Console console) {
        this.console = console;
    }

    @Override
    public void addOptions(CommandSpec command) {
        RecipeFlags.addTo(command, DataDescribe::reads);
    }

    /** Whether an option of a recipe says how a file is read. */
    static boolean reads(RecipeOption option) {
        return option.section().equals("data") && !AFTER_READING.contains(option.name());
    }

    @Override
    public Integer call() {
        var recipe = RecipeFlags.overlay(Recipe.defaults().with(Map.of("data", data)), spec);
        var options = recipe.data().readOptions();
        Path file = Path.of(data);
        if (asTable || (Files.isRegularFile(file) && TableSource.isWithoutText(file, options))) {
            describeTable(file, options);
            return 0;
        }
        try (var progress = new Progress(console)) {
            var parts = Sources.parts(recipe.data(), progress);
            var described = new ArrayList<Described>();
            parts.forEach((part, dataset) -> described.add(describe(part, dataset, progress)));
            progress.finish();
            if (json) {
                var objects = new LinkedHashMap<String, Object>();
                described.forEach(part -> objects.put(part.part(), part.asMap()));
                Json.println(
                        console.out(), objects.size() == 1 ? described.get(0).asMap() : objects);
            } else {
                described.forEach(part -> part.print(console.out()));
                if (parts.size() > 1) {
                    printLeaks(split(parts));
                }
            }
        }
        return 0;
    }

    private void describeTable(Path file, ReadOptions options) {
        TableDescription description;
        try (var progress = new Progress(console);
                var table = dev.attune.explore.table.Table.open(file, options)) {
            description = TableDescription.of(table);
            progress.finish();
        }
        if (json) {
            Json.println(console.out(), description.json());
        } else {
            description.print(console.out());
        }
    }

    private Described describe(String part, Dataset dataset, Progress progress) {
        var lengths = lengths(dataset, progress);
        var summaries = new ArrayList<TextLengths>();
        if (dataset.size() > 0) {
            lengths.forEach((unit, values) -> summaries.add(TextLengths.of(unit, values)));
        }
        var profile = TextProfile.of(dataset, summaries, TextDescription.WORDS);
        boolean isLabelled = dataset.size() > 0 && dataset.labelled() == dataset.size();
        var noise = labelNoise && isLabelled
                ? LabelNoise.of(Labelled.texts(dataset), Baselines.TFIDF_LOGISTIC, FOLDS, SEED)
                : null;
        return new Described(part, dataset, lengths, new TextDescription(dataset, profile, noise));
    }

    private void printLeaks(Split split) {
        var out = console.out();
        out.println(split.leaks().summary());
        var near = NearLeaks.of(split);
        if (!near.leaks().isEmpty()) {
            out.println(near.testRows() + " rows of test and " + near.validationRows()
                    + " of validation are nearly or quite the same as a row before, such as:");
            near.leaks().stream()
                    .filter(leak -> leak.similarity() < 1)
                    .limit(CONFLICTS_SHOWN)
                    .forEach(leak -> {
                        out.println("  " + Terminal.oneLine(leak.text(), 100));
                        out.println("    " + leak.part() + ": " + Terminal.oneLine(leak.alike(), 100));
                    });
        }
    }

    /** Of the parts that the data set's authors made. */
    private static Split split(Map<String, Dataset> parts) {
        var none =
                new Dataset("none", List.of(), parts.values().iterator().next().labels());
        return new Split(
                parts.getOrDefault("train", none),
                parts.getOrDefault("validation", none),
                parts.getOrDefault("test", none));
    }

    private Map<String, int[]> lengths(Dataset part, Progress progress) {
        var lengths = new LinkedHashMap<String, int[]>();
        lengths.put(
                "characters",
                part.texts().stream().mapToInt(DataDescribe::characters).toArray());
        if (model != null) {
            lengths.put("tokens", tokens(part, model, progress));
        }
        return lengths;
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    private static int[] tokens(Dataset dataset, String model, Progress progress) {
        var folder = ModelFolders.fromEnvironment(progress::fetching).resolve(model);
        try (var tokenizer = Tokenizer.load(folder)) {
            return tokenizer.lengths(dataset.texts());
        }
    }

    /** A part, and the lengths of its texts by unit. */
    private record Described(String part, Dataset dataset, Map<String, int[]> lengths, TextDescription text) {
        void print(PrintWriter out) {
            out.println(dataset.name() + ": " + dataset.size() + (dataset.size() == 1 ? " row, " : " rows, ")
                    + (dataset.labelled() == 0
                            ? "no labels"
                            : dataset.labels().size() + (dataset.labels().size() == 1 ? " label" : " labels")));
            out.println();
            if (dataset.labelled() > 0) {
                labelTable().print(out);
                out.println();
            }
            lengthTable().print(out);
            out.println();
            var duplicates = dataset.duplicates();
            out.println(duplicates.rows() + " rows repeat an earlier text, "
                    + duplicates.conflicts().size() + " texts stand under different labels.");
            duplicates.conflicts().stream()
                    .limit(CONFLICTS_SHOWN)
                    .forEach(conflict -> out.println("  " + String.join(" and ", conflict.labels()) + ": "
                            + Terminal.oneLine(conflict.text(), 80)));
            text.print(out);
            out.println();
        }

        private Table labelTable() {
            var table = new Table().row("label", "rows", "share");
            dataset.counts().forEach((label, rows) -> table.row(label, rows, share(rows)));
            int unlabelled = dataset.size() - dataset.labelled();
            if (unlabelled > 0) {
                table.row("(none)", unlabelled, share(unlabelled));
            }
            return table;
        }

        private String share(int rows) {
            return String.format(Locale.ROOT, "%.1f%%", 100.0 * rows / dataset.size());
        }

        private Table lengthTable() {
            var table = new Table().row("length", "shortest", "median", "90%", "99%", "longest");
            lengths.forEach((unit, values) -> {
                int[] q = quantiles(values);
                table.row(unit, q[0], q[1], q[2], q[3], q[4]);
            });
            return table;
        }

        Map<String, Object> asMap() {
            var map = new LinkedHashMap<String, Object>();
            map.put("name", dataset.name());
            map.put("rows", dataset.size());
            map.put("labelled", dataset.labelled());
            map.put("labels", dataset.counts());
            lengths.forEach((unit, values) -> {
                int[] q = quantiles(values);
                var named = new LinkedHashMap<String, Integer>();
                named.put("min", q[0]);
                named.put("p50", q[1]);
                named.put("p90", q[2]);
                named.put("p99", q[3]);
                named.put("max", q[4]);
                map.put(unit, named);
            });
            map.put("duplicate_rows", dataset.duplicates().rows());
            map.put("label_conflicts", dataset.duplicates().conflicts());
            map.put("sha256", dataset.sha256());
            map.putAll(text.asMap());
            return map;
        }

        /** Nearest-rank quantiles. */
        private static int[] quantiles(int[] values) {
            int[] sorted = Arrays.stream(values).sorted().toArray();
            return Arrays.stream(QUANTILES)
                    .mapToInt(q -> sorted[Math.max(0, (int) Math.ceil(q * sorted.length) - 1)])
                    .toArray();
        }
    }
}
