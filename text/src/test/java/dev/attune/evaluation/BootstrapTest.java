package dev.attune.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void aSampleScoresAsItsRowsWrittenOut(int classes) {
        Rows rows = Rows.random(60, classes, 11);
        Bootstrap bootstrap = new Computation(rows.labels, rows.truth, rows.probabilities).bootstrap();
        var random = new SplittableRandom(5);
        for (int sample = 0; sample < 20; sample++) {
            int[] weights = IntStream.range(0, 60).map(row -> random.nextInt(4)).toArray();
            var metrics = rows.repeated(weights).evaluation().metrics();
            double[] scores = bootstrap.score(weights);
            for (int i = 0; i < scores.length; i++) {
                String name = Bootstrap.METRICS.get(i);
                assertThat(scores[i]).as(name).isCloseTo(metrics.get(name), within(1e-9));
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameIntervals() {
        Rows rows = Rows.random(200, 3, 1);
        Evaluation once = Evaluation.of(rows.labels, rows.truth, rows.probabilities, 42);
        assertThat(Evaluation.of(rows.labels, rows.truth, rows.probabilities, 42))
                .isEqualTo(once);
        assertThat(Evaluation.of(rows.labels, rows.truth, rows.probabilities, 43)
                        .intervals())
                .isNotEqualTo(once.intervals());
        assertThat(once.intervals().keySet()).containsExactlyElementsOf(Bootstrap.METRICS);
    }

    @Test
    void theIntervalOfAccuracyIsThatOfABinomial() {
        // 800 of 1,000 right: 0.8 +- 1.96 * sqrt(0.8 * 0.2 / 1000) = 0.8 +- 0.0248
        var truth = IntStream.range(0, 1000).map(row -> row % 2).toArray();
        var probabilities = new double[1000][];
        for (int row = 0; row < 1000; row++) {
            double right = row < 800 ? 0.9 : 0.1;
            probabilities[row] = truth[row] == 0 ? new double[] {right, 1 - right} : new double[] {1 - right, right};
        }
        Interval accuracy = interval(Evaluation.of(List.of("a", "b"), truth, probabilities, 1), "accuracy");
        assertThat(accuracy.low()).isCloseTo(0.8 - 0.0248, within(0.004));
        assertThat(accuracy.high()).isCloseTo(0.8 + 0.0248, within(0.004));
    }

    @Test
    void perfectPredictionsHaveNoSpread() {
        double[][] probabilities = {{1, 0}, {0, 1}, {1, 0}, {0, 1}, {1, 0}, {0, 1}, {1, 0}, {0, 1}};
        Evaluation evaluation = Evaluation.of(List.of("a", "b"), new int[] {0, 1, 0, 1, 0, 1, 0, 1}, probabilities, 1);
        assertThat(interval(evaluation, "accuracy")).isEqualTo(new Interval(1, 1));
        assertThat(interval(evaluation, "roc_auc")).isEqualTo(new Interval(1, 1));
    }

    @Test
    void anUndefinedMetricHasNoInterval() {
        double[][] probabilities = {{0.6, 0.4}, {0.7, 0.3}, {0.2, 0.8}};
        Evaluation evaluation = Evaluation.of(List.of("a", "b"), new int[] {0, 0, 0}, probabilities, 1);
        assertThat(evaluation.intervals()).doesNotContainKey("roc_auc").containsKey("accuracy");
    }

    @Test
    void everyIntervalHoldsItsFigure() {
        Rows rows = Rows.random(400, 4, 9);
        Evaluation evaluation = Evaluation.of(rows.labels, rows.truth, rows.probabilities, 2);
        evaluation
                .intervals()
                .forEach((name, interval) ->
                        assertThat(evaluation.metrics().get(name)).as(name).isBetween(interval.low(), interval.high()));
    }

    private static Interval interval(Evaluation evaluation, String metric) {
        return Objects.requireNonNull(evaluation.intervals().get(metric), metric);
    }

    /** Random distributions that lean to the truth; probabilities in tenths, so that many are tied. */
    private static final class Rows {
        final List<String> labels;
        final int[] truth;
        final double[][] probabilities;

        Rows(List<String> labels, int[] truth, double[][] probabilities) {
            this.labels = labels;
            this.truth = truth;
            this.probabilities = probabilities;
        }

        static Rows random(int rows, int classes, long seed) {
            var random = new SplittableRandom(seed);
            var truth = new int[rows];
            var probabilities = new double[rows][classes];
            for (int row = 0; row < rows; row++) {
                truth[row] = row < classes ? row : random.nextInt(classes);
                for (int tenth = 0; tenth < 10; tenth++) {
                    int label = random.nextInt(3) == 0 ? truth[row] : random.nextInt(classes);
                    probabilities[row][label] += 0.1;
                }
            }
            return new Rows(
                    IntStream.range(0, classes).mapToObj(i -> "label " + i).toList(), truth, probabilities);
        }

        Rows repeated(int[] weights) {
            var rows = new ArrayList<Integer>();
            for (int row = 0; row < weights.length; row++) {
                for (int i = 0; i < weights[row]; i++) {
                    rows.add(row);
                }
            }
            return new Rows(
                    labels,
                    rows.stream().mapToInt(row -> truth[row]).toArray(),
                    rows.stream().map(row -> probabilities[row]).toArray(double[][]::new));
        }

        Evaluation evaluation() {
            return Evaluation.of(labels, truth, probabilities);
        }
    }
}
