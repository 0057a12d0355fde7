package dev.attune.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.files.InputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against golden.json, which scripts/make_evaluation_golden.py writes with scikit-learn. */
class EvaluationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Offset<Double> EXACT = within(1e-9);

    /** One entry of golden.json. */
    record Case(JsonNode expected) {
        List<String> labels() {
            return List.of(JSON.convertValue(expected.path("labels"), String[].class));
        }

        int[] truth() {
            return JSON.convertValue(expected.path("truth"), int[].class);
        }

        double[][] probabilities() {
            return JSON.convertValue(expected.path("probabilities"), double[][].class);
        }

        Evaluation evaluation() {
            return Evaluation.of(labels(), truth(), probabilities());
        }

        @Override
        public String toString() {
            return expected.path("name").textValue();
        }
    }

    static Stream<Case> golden() throws IOException {
        try (var file = EvaluationTest.class.getResourceAsStream("/evaluation/golden.json")) {
            var cases = new ArrayList<Case>();
            JSON.readTree(file).forEach(node -> cases.add(new Case(node)));
            assertThat(cases).hasSize(9);
            return cases.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void everyFigureEqualsScikitLearns(Case golden) {
        var metrics = golden.evaluation().metrics();
        JsonNode expected = golden.expected().path("metrics");
        assertThat(expected.size()).isEqualTo(15);
        expected.properties().forEach(entry -> {
            if (entry.getValue().isNull()) {
                assertThat(metrics).doesNotContainKey(entry.getKey());
            } else {
                assertThat(metrics.get(entry.getKey()))
                        .as(entry.getKey())
                        .isCloseTo(entry.getValue().doubleValue(), EXACT);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("golden")
    void everyClassEqualsScikitLearns(Case golden) {
        Evaluation evaluation = golden.evaluation();
        JsonNode expected = golden.expected();
        assertThat(evaluation.perClass()).hasSameSizeAs(golden.labels());
        for (int label = 0; label < golden.labels().size(); label++) {
            ClassScores scores = evaluation.perClass().get(label);
            assertThat(scores.precision())
                    .isCloseTo(expected.path("precision").path(label).doubleValue(), EXACT);
            assertThat(scores.recall())
                    .isCloseTo(expected.path("recall").path(label).doubleValue(), EXACT);
            assertThat(scores.f1()).isCloseTo(expected.path("f1").path(label).doubleValue(), EXACT);
            assertThat(scores.support())
                    .isEqualTo(expected.path("support").path(label).intValue());
        }
        assertThat(JSON.<JsonNode>valueToTree(evaluation.confusion())).isEqualTo(expected.path("confusion"));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void theTableIsScikitLearns(Case golden) {
        assertThat(Report.table(golden.evaluation()))
                .isEqualTo(golden.expected().path("report").textValue());
    }

    @ParameterizedTest
    @MethodSource("golden")
    void readsBackWhatItWrites(Case golden) {
        Evaluation evaluation = Evaluation.of(golden.labels(), golden.truth(), golden.probabilities(), 7);
        assertThat(Evaluation.fromJson(evaluation.toJson())).isEqualTo(evaluation);
    }

    @Test
    void writesScikitLearnsNames() throws IOException {
        double[][] probabilities = {{0.9, 0.1}, {0.2, 0.8}, {0.4, 0.6}, {0.7, 0.3}};
        JsonNode json = JSON.readTree(Evaluation.of(List.of("ham", "spam"), new int[] {0, 1, 0, 0}, probabilities, 1)
                .toJson());
        assertThat(json.path("n").intValue()).isEqualTo(4);
        assertThat(json.path("accuracy").doubleValue()).isEqualTo(0.75);
        assertThat(json.at("/per_class/spam/precision").doubleValue()).isEqualTo(0.5);
        assertThat(json.at("/per_class/ham/support").intValue()).isEqualTo(3);
        assertThat(json.path("confusion").toString()).isEqualTo("[[2,1],[0,1]]");
        assertThat(json.path("labels").toString()).isEqualTo("[\"ham\",\"spam\"]");
        assertThat(json.path("roc_auc").doubleValue()).isEqualTo(1);
        assertThat(json.at("/intervals/accuracy")).hasSize(2);
        assertThat(json.fieldNames())
                .toIterable()
                .contains(
                        "f1_macro",
                        "f1_weighted",
                        "log_loss",
                        "mcc",
                        "average_precision",
                        "expected_calibration_error");
    }

    @Test
    void writesAnUndefinedFigureAsNullAndSaysWhy() throws IOException {
        double[][] probabilities = {{0.9, 0.1, 0}, {0.2, 0.8, 0}};
        Evaluation evaluation = Evaluation.of(List.of("a", "b", "c"), new int[] {0, 1}, probabilities);
        assertThat(JSON.readTree(evaluation.toJson()).path("roc_auc").isNull()).isTrue();
        assertThat(evaluation.report()).contains("roc_auc undefined").contains("missing: c\n");
        Evaluation single = Evaluation.of(List.of("a"), new int[] {0, 0}, new double[][] {{1}, {1}});
        assertThat(single.report()).contains("missing: a second label");
    }

    @Test
    void saysWhatIsMissingInJson() {
        assertThatThrownBy(() -> Evaluation.fromJson("{")).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> Evaluation.fromJson("{\"labels\": []}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("\"confusion\"");
    }

    @Test
    void reportAlignsLongAndWideNames() {
        var labels = List.of("a rather long name of a class", "日本語", "naïve\u0301 café", "two\nlines", "😀");
        var truth = new int[] {0, 1, 2, 3, 4};
        var probabilities = new double[5][5];
        for (int i = 0; i < 5; i++) {
            probabilities[i][i] = 1;
        }
        List<String> lines = Report.table(Evaluation.of(labels, truth, probabilities))
                .lines()
                .toList();
        int width = labels.get(0).length();
        assertThat(lines.get(0)).isEqualTo(" ".repeat(width) + "  precision    recall  f1-score   support");
        String scores = "      1.000     1.000     1.000         1";
        assertThat(lines.subList(2, 7))
                .containsExactly(
                        labels.get(0) + scores,
                        " ".repeat(width - 6) + "日本語" + scores,
                        " ".repeat(width - 10) + "naïve\u0301 café" + scores,
                        " ".repeat(width - 9) + "two lines" + scores,
                        " ".repeat(width - 2) + "😀" + scores);
    }

    @Test
    void reportPrintsTheFiguresWithTheirIntervals() throws IOException {
        Case binary = golden().findFirst().orElseThrow();
        String report = Evaluation.of(binary.labels(), binary.truth(), binary.probabilities(), 3)
                .report();
        assertThat(report).contains("95 % interval");
        assertThat(report).containsPattern("\n +accuracy +0\\.725 +\\[ *0\\.6\\d\\d, +0\\.[78]\\d\\d]\n");
        assertThat(report).containsPattern("\n *expected_calibration_error +0\\.098\n");
        assertThat(binary.evaluation().report()).doesNotContain("95 %");
    }

    @Test
    void refusesWhatIsNoEvaluation() {
        var labels = List.of("a", "b");
        assertThatThrownBy(() -> Evaluation.of(labels, new int[0], new double[0][]))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no rows");
        assertThatThrownBy(() -> Evaluation.of(labels, new int[] {0}, new double[][] {{Double.NaN, 1}}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("row 0")
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> Evaluation.of(labels, new int[] {0}, new double[][] {{0.2, 0.2}}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("add up");
        assertThatThrownBy(() -> Evaluation.of(labels, new int[] {0}, new double[][] {{1}}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Evaluation.of(labels, new int[] {2}, new double[][] {{1, 0}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label id 2");
        assertThatThrownBy(() -> Evaluation.of(labels, new int[] {0, 1}, new double[][] {{1, 0}}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void listsTheMostConfidentMistakesFirst() {
        double[][] probabilities = {{0.9, 0.1}, {0.2, 0.8}, {0.4, 0.6}, {0.7, 0.3}, {0.1, 0.9}};
        var truth = new int[] {1, 1, 0, 0, 0};
        assertThat(Mistake.mostConfident(truth, probabilities, 2))
                .containsExactly(new Mistake(0, 1, 0, 0.9), new Mistake(4, 0, 1, 0.9));
        assertThat(Mistake.mostConfident(truth, probabilities, 10))
                .extracting(Mistake::row)
                .containsExactly(0, 4, 2);
    }
}
