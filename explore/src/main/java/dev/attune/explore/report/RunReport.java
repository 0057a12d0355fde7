package dev.attune.explore.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.data.Split;
import dev.attune.evaluation.Evaluation;
import dev.attune.evaluation.PairedTest;
import dev.attune.evaluation.Predictions;
import dev.attune.evaluation.TestResult;
import dev.attune.files.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The report of a run, from the files of its folder. */
public final class RunReport {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String FILE = "report.html";
    private static final List<String> SETTINGS = List.of(
            "model",
            "method",
            "unfreeze",
            "epochs",
            "batch-size",
            "learning-rate",
            "lr-scheduler",
            "max-length",
            "seed");

    private final Path folder;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();

    /** Vectors of the first texts that were tested, in their order. */
    @SuppressWarnings("ArrayRecordComponent") // as the embedder gives them
    public record Embedded(String name, float[][] vectors) {}

    private RunReport(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads a run's folder and writes report.html into it.
     *
     * @return the file
     * @throws InputException where the folder holds no finished run
     */
    public static Path write(Path folder) {
        return write(folder, null);
    }

    /** As {@link #write(Path)}; {@code split}, the data it was trained and tested on, adds what there is to say of that. */
    public static Path write(Path folder, @Nullable Split split) {
        Path file = folder.resolve(FILE);
        of(folder, split, List.of()).writeHtml(file);
        return file;
    }

    /**
     * The report as records.
     *
     * @param embedded how models see the texts that were tested, such as the base model's and the tuned one's; may be none
     */
    public static Report of(Path folder, @Nullable Split split, List<Embedded> embedded) {
        return new RunReport(folder).report(split, embedded);
    }

    /**
     * The first texts that a run was tested on.
     *
     * @return none where the run had no test part
     */
    public static List<String> testedTexts(Path folder, int most) {
        if (!Files.exists(folder.resolve("evaluation.json"))) {
            return List.of();
        }
        return TestResult.read(folder).predictions().rows().stream()
                .limit(most)
                .map(Predictions.Row::text)
                .toList();
    }

    /** Whether a folder is one of a run. */
    public static boolean isRun(Path folder) {
        return Files.isDirectory(folder) && Files.exists(folder.resolve("recipe.yaml"));
    }

    private Report report(@Nullable Split split, List<Embedded> embedded) {
        if (!isRun(folder) || !Files.exists(folder.resolve("provenance.json"))) {
            throw new InputException(folder + " holds no finished run: it has no "
                    + (isRun(folder) ? "provenance.json" : "recipe.yaml") + ".");
        }
        JsonNode provenance = json("provenance.json");
        String recipe = text("recipe.yaml");
        var figures = new ArrayList<Report.Figure>();
        if (Files.exists(folder.resolve("evaluation.json"))) {
            var result = TestResult.read(folder);
            scores(result.evaluation(), figures);
            var tested = new TestSections(result);
            sections.addAll(tested.sections());
            baseline(result);
            findings.addAll(tested.findings());
            if (!embedded.isEmpty()) {
                sections.add(TunedProjection.of(embedded, result.predictions().rows(), findings));
            }
        }
        var curves = new LearningCurves(folder.resolve("metrics.jsonl"));
        sections.add(Math.min(1, sections.size()), curves.section());
        findings.addAll(curves.findings());
        if (split != null) {
            sections.add(data(split));
        }
        cost(provenance, figures);
        sections.add(provenance(provenance, recipe));
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return new Report(
                "Run " + (name == null ? folder : name),
                provenance.path("base_model").asText() + ", tuned on "
                        + provenance.path("data").path("train").path("name").asText() + " ("
                        + Text.count(
                                provenance
                                        .path("data")
                                        .path("train")
                                        .path("rows")
                                        .asLong(),
                                "text",
                                "texts")
                        + "), "
                        + provenance.path("started").asText().replace('T', ' ').replace("Z", " UTC"),
                figures,
                findings,
                sections,
                "Made by Attune from the files of the run. Seed "
                        + provenance.path("seed").asText() + ".");
    }

    private static void scores(Evaluation evaluation, List<Report.Figure> figures) {
        figures.add(new Report.Figure(
                "accuracy",
                Text.metric(evaluation.accuracy()),
                TestSections.interval(evaluation.intervals().get("accuracy"))));
        figures.add(new Report.Figure(
                "macro F1",
                Text.metric(evaluation.macro().f1()),
                TestSections.interval(evaluation.intervals().get("f1_macro"))));
        var rocAuc = evaluation.rocAuc();
        if (rocAuc != null) {
            figures.add(new Report.Figure(
                    "ROC-AUC",
                    Text.metric(rocAuc),
                    TestSections.interval(evaluation.intervals().get("roc_auc"))));
        }
        figures.add(new Report.Figure("tested on", Text.count(evaluation.n()), "texts"));
    }

    private static void cost(JsonNode provenance, List<Report.Figure> figures) {
        if (provenance.hasNonNull("seconds")) {
            figures.add(new Report.Figure(
                    "took", Text.number(provenance.get("seconds").doubleValue()) + " s", "from data to tested model"));
        }
        if (provenance.hasNonNull("peak_memory_mib")) {
            figures.add(new Report.Figure(
                    "peak memory", Text.count(provenance.get("peak_memory_mib").asLong()) + " MiB", ""));
        }
    }

    private void baseline(TestResult result) {
        Path baseline = folder.resolve("baseline");
        if (!Files.exists(baseline.resolve("evaluation.json"))) {
            return;
        }
        var other = TestResult.read(baseline);
        var table = DataTable.of(
                "This run and TF-IDF with logistic regression",
                "",
                "model",
                "#accuracy",
                "interval",
                "#macro F1",
                "#training, s",
                "#rows a second");
        row(table, "this run", result);
        row(table, "baseline", other);
        String lead = "Whether the transformer was worth it.";
        if (PairedTest.areComparable(result.predictions(), other.predictions())) {
            var test = PairedTest.of(result.predictions(), other.predictions(), 42);
            double difference = test.accuracyDifference();
            String sentence = "The run's accuracy is "
                    + (difference == 0
                            ? "the same as"
                            : Text.metric(Math.abs(difference)) + (difference < 0 ? " below" : " above"))
                    + " that of TF-IDF with logistic regression (difference "
                    + TestSections.interval(test.accuracyInterval()) + ", McNemar's p "
                    + (test.mcnemar() < 0.001 ? "below 0.001" : Text.metric(test.mcnemar())) + ").";
            lead += " " + sentence;
            findings.add(new Finding(
                    difference <= 0
                            ? Finding.Level.WARNING
                            : test.mcnemar() < 0.05 ? Finding.Level.GOOD : Finding.Level.NOTE,
                    sentence,
                    "baseline"));
        }
        sections.add(new Section("baseline", "Baseline", lead, List.of(table.build())));
    }

    private static void row(DataTable.Builder table, String name, TestResult result) {
        table.row(
                name,
                Text.metric(result.evaluation().accuracy()),
                TestSections.interval(result.evaluation().intervals().get("accuracy")),
                Text.metric(result.evaluation().macro().f1()),
                Text.number(result.cost().trainSeconds()),
                Text.count(Math.round(result.cost().rowsPerSecond())));
    }

    private Section data(Split split) {
        var leaks = split.leaks();
        if (leaks.count() > 0) {
            findings.add(new Finding(
                    Finding.Level.WARNING,
                    Text.count(leaks.count(), "text stands", "texts stand") + " on both sides of the split ("
                            + Text.count(leaks.testRows(), "row", "rows") + " of test, "
                            + leaks.validationRows() + " of validation): scores are too good by as much.",
                    "data"));
        }
        return new DataSections(split).section(leaks);
    }

    private Section provenance(JsonNode provenance, String recipe) {
        var table = DataTable.of("Where it comes from", "", "what", "value");
        for (String setting : SETTINGS) {
            recipe.lines()
                    .filter(line -> line.startsWith(setting + ": "))
                    .findFirst()
                    .ifPresent(line -> table.row(setting, line.substring(setting.length() + 2)));
        }
        flatten("", provenance, table);
        return new Section("provenance", "Provenance", "", List.of(table.build(), new Code("recipe.yaml", recipe)));
    }

    private static void flatten(String prefix, JsonNode node, DataTable.Builder table) {
        node.properties().forEach(field -> {
            String name = prefix.isEmpty() ? field.getKey() : prefix + " · " + field.getKey();
            if (field.getValue().isObject()) {
                flatten(name, field.getValue(), table);
            } else if (!name.equals("seed")) {
                table.row(name.replace('_', ' '), field.getValue().asText());
            }
        });
    }

    private JsonNode json(String file) {
        try {
            return JSON.readTree(folder.resolve(file).toFile());
        } catch (IOException e) {
            throw new InputException(folder.resolve(file) + " cannot be read: " + e.getMessage(), e);
        }
    }

    private String text(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + folder.resolve(file) + ": " + e.getMessage(), e);
        }
    }
}
