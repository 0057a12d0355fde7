package dev.attune.cli;

import static dev.attune.cli.CommandRun.attune;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** describe and baseline on tables. */
class TableCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROWS = 300;

    @TempDir
    private Path folder;

    private String people;

    /** The price follows the size; the kind is told by the sign of a product, which no line divides. */
    @BeforeEach
    void writeTable() throws IOException {
        var random = new Random(4);
        var csv = new StringBuilder("size,age,city,left,right,price,kind\n");
        for (int i = 0; i < ROWS; i++) {
            double left = random.nextGaussian();
            double right = random.nextGaussian();
            int size = 1000 + random.nextInt(9000);
            String age = i == 7 ? "30+" : i % 50 == 0 ? "?" : Integer.toString(20 + random.nextInt(60));
            csv.append(String.join(
                            ",",
                            Integer.toString(size),
                            age,
                            i % 3 == 0 ? "Rome" : "Oslo",
                            Double.toString(left),
                            Double.toString(right),
                            Double.toString(size / 10.0 + random.nextGaussian()),
                            left * right > 0 ? "same" : "other"))
                    .append('\n');
        }
        people = write("people.csv", csv.toString());
    }

    private String write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    @Test
    void describeShowsColumnsGapsScalesClassesAndCorrelations() {
        var run = attune("data", "describe", people, "--label-column", "kind");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("people.csv: 300 rows, 7 columns")
                .containsPattern("size +integer +300 +0 ")
                .containsPattern("city +category +300 +0 +2 .*Oslo \\(200\\)")
                .contains("7 rows with a missing value:")
                .contains("'?' 6")
                .contains("'30+' 1")
                .contains("0 rows the same as an earlier one.")
                .containsPattern("size: (standard|robust|min-max), ")
                .containsPattern("same +\\d+ +\\d+\\.\\d+%")
                .containsPattern("size +price +\\+1\\.000 +\\+1\\.000");
    }

    @Test
    void describeAsJsonHasTheSameInSnakeCase() throws IOException {
        var json = JSON.readTree(attune("data", "describe", people, "--label-column", "kind", "--json")
                .out());
        assertThat(json.get("rows").asInt()).isEqualTo(ROWS);
        assertThat(json.get("incomplete_rows").asInt()).isEqualTo(7);
        assertThat(json.at("/columns/1/odd/0/value").asText()).isEqualTo("30+");
        assertThat(json.at("/columns/1/missing_as/0/count").asInt()).isPositive();
        assertThat(json.at("/columns/0/numbers/iqr_outliers").asInt()).isZero();
        assertThat(json.at("/balance/classes")).hasSize(2);
        assertThat(json.at("/correlations/pearson")).hasSize(5);
    }

    @Test
    void oddTablesAreDescribedAndNotCrashedOn() throws IOException {
        var headerOnly = attune("data", "describe", write("header.csv", "a,b,c\n"), "--header");
        assertThat(headerOnly.err()).isEmpty();
        assertThat(headerOnly.out()).contains("0 rows, 3 columns");

        var one = attune("data", "describe", write("one.csv", "x\n1\n2\n2\n"));
        assertThat(one.out()).contains("3 rows, 1 column").contains("1 row the same as an earlier one.");

        var missing = attune("data", "describe", write("missing.csv", "a,b\nNA,\n?,NA\n"));
        assertThat(missing.out()).containsPattern("a +empty +0 +2").contains("2 rows with a missing value:");

        var empty = attune("data", "describe", write("empty.csv", ""));
        assertThat(empty.code()).isEqualTo(1);
        assertThat(empty.err()).startsWith("attune: ").contains("empty.csv");
        assertThat(empty.err().lines()).hasSize(1);

        String wide = IntStream.range(0, 200).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        String row = IntStream.range(0, 200).mapToObj(Integer::toString).collect(Collectors.joining(","));
        var many = attune("data", "describe", write("wide.csv", wide + "\n" + row + "\n" + row + "\n"));
        assertThat(many.err()).isEmpty();
        assertThat(many.out()).contains("2 rows, 200 columns").contains("... and 140 more columns");
    }

    @Test
    void textsAsATableWhereAskedFor() throws IOException {
        String mails = write("mails.csv", "text,label\nhello there,a\nbye now,b\n");
        assertThat(attune("data", "describe", mails).out()).contains("2 rows, 2 labels");
        assertThat(attune("data", "describe", mails, "--table").out()).contains("2 rows, 2 columns");
    }

    @Test
    void baselinesPredictAClassAndCompareReadsThem() throws IOException {
        String out = folder.resolve("baselines").toString();
        var run = attune("baseline", "--data", people, "--target", "kind", "--out", out, "--json");
        assertThat(run.code()).isZero();
        assertThat(accuracy(run, "majority")).isCloseTo(0.5, within(0.12));
        assertThat(accuracy(run, "logistic")).isLessThan(0.75);
        assertThat(accuracy(run, "gradient-boosting")).isGreaterThan(0.8);
        assertThat(accuracy(run, "random-forest")).isGreaterThan(0.8);
        assertThat(accuracy(run, "neural-network")).isGreaterThan(0.8);
        var compared = attune("compare", out + "/neural-network", out + "/logistic");
        assertThat(compared.code()).isZero();
        assertThat(compared.out()).contains("neural-network").contains("logistic");
    }

    private static double accuracy(CommandRun run, String name) throws IOException {
        for (JsonNode baseline : JSON.readTree(run.out()).get("baselines")) {
            if (baseline.get("name").asText().equals(name)) {
                return baseline.at("/evaluation/accuracy").asDouble();
            }
        }
        throw new AssertionError("no " + name + " in " + run.out());
    }

    @Test
    void baselinesPredictANumber() throws IOException {
        var run = attune(
                "baseline",
                "--data",
                people,
                "--target",
                "price",
                "--folds",
                "3",
                "--json",
                "--baseline",
                "linear,ridge,neural-network");
        assertThat(run.err()).isEmpty();
        var baselines = JSON.readTree(run.out()).get("baselines");
        assertThat(baselines).hasSize(3);
        for (JsonNode baseline : baselines) {
            assertThat(baseline.at("/evaluation/r2").asDouble())
                    .as(baseline.toString())
                    .isGreaterThan(0.9);
            assertThat(baseline.at("/evaluation/n").asInt()).isEqualTo(ROWS);
            assertThat(baseline.at("/evaluation/intervals/r2")).isNotEmpty();
        }
    }

    @Test
    void baselinesOnANumberAreWritten() throws IOException {
        Path out = folder.resolve("prices");
        var shown = attune(
                "baseline", "--data", people, "--target", "price", "--baseline", "linear,ridge", "--out", out + "");
        assertThat(shown.out()).containsPattern("linear +1\\.000 ");
        Path linear = out.resolve("linear");
        var evaluation = JSON.readTree(Files.readString(linear.resolve("evaluation.json")));
        var predictions = Files.readAllLines(linear.resolve("predictions.jsonl"));
        assertThat(predictions).hasSize(evaluation.get("n").asInt());
        var first = JSON.readTree(predictions.get(0));
        assertThat(first.get("row").asInt()).isBetween(1, ROWS);
        assertThat(first.get("predicted").asDouble())
                .isCloseTo(first.get("target").asDouble(), within(5.0));
        assertThat(JSON.readTree(Files.readString(linear.resolve("cost.json"))).has("fit_seconds"))
                .isTrue();
        assertThat(attune("compare", linear.toString(), out.resolve("ridge").toString())
                        .err())
                .contains("linear")
                .contains("predicted numbers");
    }

    @Test
    void saysWhatCannotBeDone() throws IOException {
        assertThat(attune("baseline", "--data", people, "--target", "prise").err())
                .contains("no column 'prise'")
                .contains("price");
        assertThat(attune("baseline", "--data", people, "--target", "kind", "--baseline", "forest")
                        .err())
                .contains("no baseline 'forest'");
        assertThat(attune("baseline", "--data", write("none.csv", "a,b\n1,2\n3,4\n"))
                        .err())
                .contains("--target");
        assertThat(attune("baseline", "--data", people, "--target", "kind", "--test-data", people)
                        .code())
                .isEqualTo(2);
    }
}
