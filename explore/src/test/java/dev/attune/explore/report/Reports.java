package dev.attune.explore.report;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.data.ReadOptions;
import dev.attune.evaluation.Evaluation;
import dev.attune.evaluation.Predictions;
import dev.attune.evaluation.TestResult;
import dev.attune.explore.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Data for reports, with texts that would do harm where they were taken for HTML. */
final class Reports {
    static final List<String> HOSTILE = List.of(
            "<script>window.harmed = 1</script>",
            "</script><script>window.harmed = 2</script>",
            "<!-- <script> -->",
            "<img src=x onerror=\"window.harmed = 3\">",
            "'\"><svg onload=window.harmed=4>",
            "&lt;b&gt; & \u2028 \u2029 {a|b} {value} ${1} \\u003c",
            "]]> <![CDATA[ </textarea></style>");

    /** Neither pictures beside the principal components nor baselines. */
    static final ReportOptions QUICK =
            ReportOptions.defaults().withProjections().withFolds(0);

    private Reports() {}

    /** The report of 400 texts. */
    static Path writeTexts(Path page) throws IOException {
        texts(400, QUICK).write(page);
        return page;
    }

    /** The report of a table with a class. */
    static Path writeTable(Path page, ReportOptions options) throws IOException {
        try (var things = Table.open(
                table(page.resolveSibling("things.csv")),
                ReadOptions.builder().labelColumn("class").build())) {
            TableReport.of(things, options).write(page);
        }
        return page;
    }

    /** Two groups of texts, hostile ones among them, and embeddings that follow the groups. */
    static Exploration texts(int rows, ReportOptions options) {
        var random = new Random(1);
        var examples = new ArrayList<Example>();
        var embeddings = new float[rows][8];
        for (int i = 0; i < rows; i++) {
            boolean spam = i % 3 == 0;
            String text = i < HOSTILE.size() ? HOSTILE.get(i) : (spam ? "win a prize now " : "see you at lunch ") + i;
            examples.add(new Example(text, spam ? "<b>spam</b>" : "ham & more"));
            for (int d = 0; d < 8; d++) {
                embeddings[i][d] = (float) (random.nextGaussian() + (spam && d == 0 ? 6 : 0));
            }
        }
        return TextReport.of(
                Dataset.of("<i>texts</i>", examples),
                "a model",
                texts -> texts.stream()
                        .mapToInt(text -> text.split(" ", -1).length)
                        .toArray(),
                texts -> embeddings,
                options);
    }

    /** The folder of a run that was tested on {@code rows} texts of two labels. */
    static Path run(Path folder, int rows) throws IOException {
        Files.createDirectories(folder);
        var labels = List.of("ham & more", "<b>spam</b>");
        var random = new Random(2);
        var texts = new ArrayList<String>();
        var truth = new int[rows];
        var probabilities = new double[rows][];
        for (int i = 0; i < rows; i++) {
            truth[i] = i % 4 == 0 ? 1 : 0;
            double p = 1 / (1 + Math.exp(-(truth[i] == 1 ? 1.5 : -1.5) - 1.5 * random.nextGaussian()));
            probabilities[i] = new double[] {1 - p, p};
            texts.add(i < HOSTILE.size() ? HOSTILE.get(i) : "text " + i);
        }
        new TestResult(
                        "run",
                        Evaluation.of(labels, truth, probabilities, 1),
                        Predictions.of(labels, texts, truth, probabilities),
                        new TestResult.Cost(1.5, 1000, 4000L))
                .write(folder);
        Files.writeString(folder.resolve("metrics.jsonl"), """
                {"step":1,"epoch":0.5,"loss":0.9,"accuracy":0.6,"learning_rate":0.001}
                {"step":2,"epoch":1.0,"loss":0.5,"accuracy":0.8,"learning_rate":0.0005}
                {"step":2,"epoch":1.0,"train_loss":0.4,"train_accuracy":0.9,"eval_loss":0.45,"eval_accuracy":0.85}
                """);
        Files.writeString(
                folder.resolve("recipe.yaml"), "model: minilm\nepochs: 1\n# <script>window.harmed=5</script>\n");
        Files.writeString(folder.resolve("provenance.json"), """
                {"data": {"train": {"name": "<u>data</u>", "rows": 900, "sha256": "ab"}}, "base_model": "minilm", "seed": 42,
                 "started": "2026-11-25T21:30:56Z", "seconds": 3.5, "peak_memory_mib": 700}
                """);
        return folder;
    }

    static Path table(Path file) throws IOException {
        var random = new Random(3);
        var csv = new StringBuilder("name,width,height,depth,gap,class\n");
        for (int i = 0; i < 300; i++) {
            boolean large = i % 2 == 0;
            double width = random.nextGaussian() + (large ? 5 : 0);
            csv.append(i < HOSTILE.size() ? '"' + HOSTILE.get(i).replace("\"", "\"\"") + '"' : "thing " + i)
                    .append(',')
                    .append(width)
                    .append(',')
                    .append(100 * width + random.nextGaussian())
                    .append(',')
                    .append(i == 7 ? 80 : random.nextGaussian())
                    .append(',')
                    .append(i % 5 == 0 ? "" : Double.toString(random.nextDouble()))
                    .append(',')
                    .append(large ? "large" : "small")
                    .append('\n');
        }
        return Files.writeString(file, csv.toString());
    }
}
