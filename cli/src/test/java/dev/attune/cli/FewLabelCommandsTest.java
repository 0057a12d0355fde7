package dev.attune.cli;

import static dev.attune.cli.CommandRun.attune;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** train --folds beside the baselines, and files of predictions. */
class FewLabelCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static Path data;
    private static Path run;

    @BeforeAll
    static void train() throws IOException {
        data = folder.resolve("messages.csv");
        try (InputStream in = QuickstartCommand.class.getResourceAsStream("quickstart/train.csv")) {
            Files.copy(Objects.requireNonNull(in), data);
        }
        run = folder.resolve("run");
        var trained = attune(
                "train",
                "--data",
                data.toString(),
                "--unfreeze",
                "head",
                "--limit",
                "60",
                "--epochs",
                "1",
                "--out",
                run.toString());
        assertThat(trained.code()).isZero();
    }

    @Test
    void foldsAreComparedWithTheBaselinesOnTheSameRows() throws IOException {
        Path out = folder.resolve("folds");
        var options = new String[] {"--data", data.toString(), "--limit", "60", "--folds", "3", "--seed", "5"};

        var folds = attune(concat("train", options, "--unfreeze", "head", "--epochs", "1", "--out", out.toString()));
        var baseline = attune(concat(
                "baseline",
                options,
                "--baseline",
                "tfidf-logistic",
                "--out",
                folder.resolve("baseline").toString()));
        var compared = attune(
                "compare",
                out.toString(),
                folder.resolve("baseline/tfidf-logistic").toString(),
                "--json");

        assertThat(folds.err()).isEmpty();
        assertThat(folds.code()).isZero();
        assertThat(folds.out())
                .contains("fold 1 of 3", "fold 3 of 3")
                .containsPattern("fold accuracies \\d\\.\\d{3}, \\d\\.\\d{3}, \\d\\.\\d{3}\\R")
                .containsPattern("accuracy +\\d\\.\\d+ +60");
        assertThat(baseline.code()).isZero();
        assertThat(compared.err()).isEmpty();
        var json = JSON.readTree(compared.out());
        assertThat(json.get("against_best").get(0).get("test").get("rows").asInt())
                .isEqualTo(60);

        var again = attune("train", "--resume", out.toString());
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("is done");
    }

    @Test
    void foldsTakeNoSplit() {
        var refused = attune("train", "--data", data.toString(), "--folds", "3", "--split", "0.8,0,0.2");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("--split");
    }

    @Test
    void keepModelsGoesWithFolds() {
        var refused = attune("train", "--data", data.toString(), "--keep-models");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("--folds");
    }

    @Test
    void predictionsAreWrittenUnderTheRowsIdsInTheirOrder() throws IOException {
        Path texts = Files.writeString(folder.resolve("new.csv"), """
                "Tweet text",ID
                "Where, oh where is ""my"" parcel?",x-50
                ,007
                I cannot log in,"a,b"
                """);
        Path out = folder.resolve("predictions.csv");

        var done = attune(
                "classify",
                run.toString(),
                "--data",
                texts.toString(),
                "--text-column",
                "Tweet text",
                "--out",
                out.toString(),
                "--id-column",
                "ID",
                "--label-column",
                "Label");

        assertThat(done.err()).isEmpty();
        assertThat(done.out()).contains("3 rows in " + out);
        var lines = Files.readAllLines(out);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).isEqualTo("ID,Label");
        assertThat(lines.get(1)).matches("x-50,\\w+");
        assertThat(lines.get(2)).matches("007,\\w+");
        assertThat(lines.get(3)).matches("\"a,b\",\\w+");
        var printed = attune("classify", run.toString(), "--data", texts.toString(), "--text-column", "Tweet text");
        for (int i = 0; i < 3; i++) {
            assertThat(lines.get(i + 1))
                    .endsWith("," + printed.out().lines().toList().get(i).split("\t", -1)[1]);
        }
    }

    @Test
    void jsonLinesHaveTheProbabilities() throws IOException {
        Path out = folder.resolve("predictions.jsonl");

        var done = attune("classify", run.toString(), "--data", data.toString(), "--out", out.toString());

        assertThat(done.code()).isZero();
        var lines = Files.readAllLines(out);
        assertThat(lines).hasSize(360);
        var row = JSON.readTree(lines.get(0));
        assertThat(row.get("text").asText()).isNotEmpty();
        assertThat(row.get("label").asText()).isNotEmpty();
        double sum = 0;
        for (var probability : row.get("probabilities")) {
            sum += probability.asDouble();
        }
        assertThat(sum).isBetween(0.999, 1.001);
    }

    @Test
    void predictionsNeedDataAKnownEndingAndAColumnThatIsThere() {
        String model = run.toString();
        assertThat(attune("classify", model, "--out", "x.csv", "hello").err()).contains("--data");
        assertThat(attune("classify", model, "--data", data.toString(), "--out", "x.txt")
                        .err())
                .contains(".jsonl");
        assertThat(attune("classify", model, "--data", data.toString(), "--id-column", "ID")
                        .err())
                .contains("--out");
        Path out = folder.resolve("never.csv");
        var refused =
                attune("classify", model, "--data", data.toString(), "--out", out.toString(), "--id-column", "number");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("number");
        assertThat(out).doesNotExist();
    }

    @Test
    void aHeadWritesNoAnswersToClassifyBy() {
        var refused = attune("classify", run.toString(), "hello", "--answer", "generate");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("has a head");
    }

    @Test
    void aHeadWritesNoAnswersToCompare() {
        var refused = attune("evaluate", run.toString(), "--compare-generation");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("has a head");
    }

    @Test
    void unfreezeHasNoPlaceBesideAnAdapter() {
        var refused = attune(
                "train",
                "--data",
                data.toString(),
                "--method",
                "lora",
                "--unfreeze",
                "all",
                "--out",
                folder.resolve("no").toString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("unfreeze").contains("lora");
    }

    private static String[] concat(String command, String[] options, String... more) {
        var all = new ArrayList<String>();
        all.add(command);
        all.addAll(List.of(options));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
