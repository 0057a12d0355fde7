package dev.attune.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.files.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    private static final List<String> LABELS = List.of("ham", "spam");
    private static final int ROWS = 200;
    private static final int[] TRUTH = IntStream.range(0, ROWS).map(i -> i % 2).toArray();
    private static final List<String> TEXTS =
            IntStream.range(0, ROWS).mapToObj(i -> "text " + i).toList();

    @TempDir
    private Path folder;

    /** Wrong in the rows from {@code from} to {@code to - 1}. */
    private static TestResult result(String name, int from, int to) {
        double[][] probabilities = IntStream.range(0, ROWS)
                .mapToObj(i -> {
                    double own = i >= from && i < to ? 0.25 : 0.75;
                    return TRUTH[i] == 0 ? new double[] {own, 1 - own} : new double[] {1 - own, own};
                })
                .toArray(double[][]::new);
        return new TestResult(
                name,
                Evaluation.of(LABELS, TRUTH, probabilities, 1),
                Predictions.of(LABELS, TEXTS, TRUTH, probabilities),
                new TestResult.Cost(1.5, 200, 8L));
    }

    @Test
    void mcnemarIsTheExactBinomialTest() {
        // scipy.stats.binomtest(k, n).pvalue
        assertThat(PairedTest.mcnemar(1, 9)).isCloseTo(0.021484375, within(1e-12));
        assertThat(PairedTest.mcnemar(9, 1)).isCloseTo(0.021484375, within(1e-12));
        assertThat(PairedTest.mcnemar(5, 5)).isEqualTo(1);
        assertThat(PairedTest.mcnemar(0, 0)).isEqualTo(1);
        assertThat(PairedTest.mcnemar(400, 600)).isCloseTo(2.7e-10, within(1e-11));
    }

    @Test
    void aClearDifferenceIsToldFromChance() {
        var test = PairedTest.of(
                result("a", 0, 5).predictions(), result("b", 0, 45).predictions(), 1);
        assertThat(test.rows()).isEqualTo(ROWS);
        assertThat(test.onlyFirst()).isEqualTo(40);
        assertThat(test.onlySecond()).isZero();
        assertThat(test.mcnemar()).isLessThan(1e-9);
        assertThat(test.accuracyDifference()).isCloseTo(0.2, within(1e-12));
        assertThat(test.accuracyInterval().low()).isBetween(0.1, 0.2);
        assertThat(test.accuracyInterval().high()).isBetween(0.2, 0.3);
        assertThat(test.f1Interval().low()).isPositive();
    }

    @Test
    void noDifferenceHasAnIntervalAroundZero() {
        var test = PairedTest.of(
                result("a", 0, 10).predictions(), result("b", 10, 20).predictions(), 1);
        assertThat(test.accuracyDifference()).isZero();
        assertThat(test.mcnemar()).isEqualTo(1);
        assertThat(test.accuracyInterval().low()).isNegative();
        assertThat(test.accuracyInterval().high()).isPositive();
    }

    @Test
    void theOrderOfRowsDoesNotMatter() {
        var first = result("a", 0, 10).predictions();
        var shuffled = new ArrayList<>(result("b", 0, 30).predictions().rows());
        Collections.shuffle(shuffled, new Random(1));
        assertThat(PairedTest.of(first, new Predictions(LABELS, shuffled), 1))
                .isEqualTo(PairedTest.of(first, result("b", 0, 30).predictions(), 1));
    }

    @Test
    void otherRowsCannotBePaired() {
        var first = result("a", 0, 10);
        var fewer = new Predictions(LABELS, first.predictions().rows().subList(1, ROWS));
        assertThatThrownBy(() -> PairedTest.of(first.predictions(), fewer, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("different rows");
        var other = new TestResult("b", first.evaluation(), fewer, first.cost());
        assertThat(Comparison.of(List.of(first, other), 1).againstBest().get(0).test())
                .isNull();
    }

    @Test
    void eachIsTestedAgainstTheBest() {
        var comparison = Comparison.of(List.of(result("worst", 0, 50), result("best", 0, 1), result("good", 0, 2)), 1);
        assertThat(comparison.results()).extracting(TestResult::name).containsExactly("best", "good", "worst");
        assertThat(comparison.againstBest())
                .extracting(Comparison.Pairing::other)
                .containsExactly("good", "worst");
        assertThat(comparison.againstBest()).allMatch(pairing -> pairing.best().equals("best"));
    }

    @Test
    void aResultIsReadAsItWasWritten() {
        Path run = folder.resolve("run");
        var written = result(run.toString(), 3, 9);
        written.write(run);
        assertThat(TestResult.read(run)).isEqualTo(written);
    }

    @Test
    void aFolderWithoutATestSaysSo() {
        assertThatThrownBy(() -> TestResult.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("evaluation.json");
    }

    @Test
    void aDamagedLineIsNamed() throws IOException {
        result("run", 3, 9).write(folder);
        Path file = folder.resolve("predictions.jsonl");
        var lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(4, "{\"text\": 3");
        Files.write(file, lines);
        assertThatThrownBy(() -> TestResult.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("predictions.jsonl:5");
    }
}
