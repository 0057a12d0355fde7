package dev.attune.cli;

import static dev.attune.cli.CommandRun.attune;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** baseline and compare. */
class BaselineCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static String data;
    private static String baselines;
    private static CommandRun written;

    @BeforeAll
    static void writeBaselines() throws IOException {
        Path file = folder.resolve("messages.csv");
        try (InputStream in = QuickstartCommand.class.getResourceAsStream("quickstart/train.csv")) {
            Files.copy(Objects.requireNonNull(in), file);
        }
        data = file.toString();
        baselines = folder.resolve("baselines").toString();
        written = attune("baseline", "--data", data, "--out", baselines);
    }

    @Test
    void everyBaselineHasALineWithItsFigures() {
        assertThat(written.err()).isEmpty();
        assertThat(written.code()).isZero();
        assertThat(written.out().lines().toList()).hasSize(8);
        assertThat(written.out())
                .containsPattern("majority +0\\.\\d{3}")
                .containsPattern("tfidf-logistic +0\\.\\d{3} +\\[0\\.\\d{3}, [01]\\.\\d{3}] ")
                .containsPattern("tfidf-characters-svm .* \\d+\\.\\d [kM]B");
    }

    @Test
    void crossValidationPredictsEveryRow() throws IOException {
        var run = attune("baseline", "--data", data, "--folds", "4", "--baseline", "majority,tfidf-bayes", "--json");
        assertThat(run.code()).isZero();
        JsonNode json = JSON.readTree(run.out());
        assertThat(json.get("folds").intValue()).isEqualTo(4);
        assertThat(json.get("baselines")).hasSize(2);
        JsonNode bayes = json.get("baselines").get(1);
        assertThat(bayes.get("name").textValue()).isEqualTo("tfidf-bayes");
        assertThat(bayes.get("fold_accuracies")).hasSize(4);
        assertThat(bayes.get("evaluation").get("n").intValue()).isEqualTo(360);
        assertThat(bayes.get("evaluation").get("accuracy").doubleValue()).isGreaterThan(0.5);
        assertThat(bayes.get("cost").get("train_seconds").doubleValue()).isPositive();
    }

    @Test
    void foldsTakeNoSplit() {
        var run = attune("baseline", "--data", data, "--folds", "4", "--split", "0.8,0,0.2");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--split");
    }

    @Test
    void withoutATestPartThereIsNothingToTest() {
        var run = attune("baseline", "--data", data, "--split", "1,0,0");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("--folds");
    }

    @Test
    void anUnknownBaselineNamesTheNearest() {
        var run = attune("baseline", "--data", data, "--baseline", "tfidf-svn");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("'tfidf-svm'");
    }

    @Test
    void baselineWithoutDataIsWrongUsage() {
        var run = attune("baseline");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--data");
    }

    @Test
    void comparesTheBestWithTheOthers() {
        var run = attune("compare", baselines + "/majority", baselines + "/tfidf-svm", baselines + "/tfidf-logistic");
        assertThat(run.code()).isZero();
        var lines = run.out().lines().toList();
        assertThat(lines.get(3)).contains("majority");
        assertThat(lines.get(5)).startsWith("Less than ").contains("tfidf-");
        assertThat(run.out()).containsPattern("majority +\\+0\\.\\d{3} +\\[0\\.\\d{3}, 0\\.\\d{3}] .*< 0\\.001");
    }

    @Test
    void comparesAsJson() throws IOException {
        var run = attune("compare", baselines + "/tfidf-svm", baselines + "/majority", "--json");
        JsonNode json = JSON.readTree(run.out());
        assertThat(json.get("results")).hasSize(2);
        JsonNode pairing = json.get("against_best").get(0);
        assertThat(pairing.get("other").textValue()).endsWith("majority");
        assertThat(pairing.get("test").get("mcnemar").doubleValue()).isLessThan(0.001);
        assertThat(pairing.get("test").get("accuracy_difference").doubleValue()).isPositive();
    }

    @Test
    void whatWasTestedOnOtherRowsIsNotPaired() {
        String other = folder.resolve("other").toString();
        attune("baseline", "--data", data, "--baseline", "majority", "--split-seed", "7", "--out", other);
        var run = attune("compare", baselines + "/tfidf-svm", other + "/majority");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("tested on other rows");
    }

    @Test
    void aFolderWithoutATestSaysSo() {
        var run = attune("compare", baselines + "/majority", folder.toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("evaluation.json");
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void compareTakesTwoOrMore() {
        assertThat(attune("compare", baselines + "/majority").code()).isEqualTo(2);
    }
}
