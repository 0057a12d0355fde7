package dev.attune.explore.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.attune.evaluation.Evaluation;
import dev.attune.explore.Golden;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Baselines on 180 texts of several classes, against scikit-learn's. */
class TextBaselinesTest {
    private static final JsonNode GOLDEN = Golden.of("texts");
    private static final List<String> NAMES = Golden.strings(GOLDEN.get("names"));
    private static final List<String> TEXTS = Golden.strings(GOLDEN.get("texts"));
    private static final int[] LABELS = Golden.ints(GOLDEN.get("labels"));
    private static final int TRAIN = GOLDEN.get("train").intValue();
    private static final List<String> TEST = TEXTS.subList(TRAIN, TEXTS.size());
    private static final Terms WORDS = new Terms(Terms.Kind.WORDS, 1, 1);

    private static double[][] probabilities(Baseline<String> baseline) {
        return baseline.fit(TEXTS.subList(0, TRAIN), Arrays.copyOf(LABELS, TRAIN), NAMES.size())
                .probabilities(TEST);
    }

    /** Fitted on the rows of the first two classes alone. */
    private static double[][] binary(Baseline<String> baseline) {
        int[] rows = IntStream.range(0, TRAIN).filter(row -> LABELS[row] < 2).toArray();
        return baseline.fit(
                        IntStream.of(rows).mapToObj(TEXTS::get).toList(),
                        IntStream.of(rows).map(row -> LABELS[row]).toArray(),
                        2)
                .probabilities(TEST);
    }

    private static void assertEqual(double[][] found, double[][] expected, double tolerance) {
        assertThat(found).hasDimensions(expected.length, expected[0].length);
        for (int r = 0; r < found.length; r++) {
            assertThat(found[r]).containsExactly(expected[r], within(tolerance));
        }
    }

    private static double[][] golden(String name) {
        return Golden.rows(GOLDEN.get(name));
    }

    @Test
    void logisticRegressionEqualsScikitLearns() {
        assertEqual(probabilities(Baselines.TFIDF_LOGISTIC), golden("logistic"), 1e-5);
        assertEqual(probabilities(Baselines.text("tfidf-characters-logistic")), golden("characters_logistic"), 1e-5);
        assertEqual(binary(Baselines.TFIDF_LOGISTIC), golden("binary_logistic"), 1e-5);
    }

    @Test
    void scikitLearnStopsEarlierAndIsNear() {
        assertEqual(probabilities(Baselines.TFIDF_LOGISTIC), golden("logistic_with_defaults"), 1e-3);
    }

    @Test
    void naiveBayesEqualsScikitLearns() {
        assertEqual(probabilities(Baselines.text("tfidf-bayes")), golden("bayes"), 1e-7);
    }

    @Test
    void marginsOfTheSupportVectorMachineEqualScikitLearns() {
        var tfidf = Tfidf.fit(TEXTS.subList(0, TRAIN), WORDS);
        var scores = new LinearSvm(1)
                .margins(tfidf.transform(TEXTS.subList(0, TRAIN)), Arrays.copyOf(LABELS, TRAIN), NAMES.size());
        var rows = tfidf.transform(TEST);
        double[][] margins = IntStream.range(0, rows.size())
                .mapToObj(row -> scores.of(rows, row))
                .toArray(double[][]::new);
        assertEqual(margins, golden("svm"), 1e-3);
    }

    @Test
    void probabilitiesOfTheSupportVectorMachineKeepItsLabels() {
        double[][] margins = golden("svm");
        double[][] probabilities = probabilities(Baselines.text("tfidf-svm"));
        for (int r = 0; r < margins.length; r++) {
            assertThat(largest(probabilities[r])).isEqualTo(largest(margins[r]));
        }
        double[] binaryMargins = Golden.doubles(GOLDEN.get("binary_svm"));
        double[][] binary = binary(Baselines.text("tfidf-svm"));
        for (int r = 0; r < binary.length; r++) {
            assertThat(binary[r][1] > 0.5).isEqualTo(binaryMargins[r] > 0);
        }
    }

    private static int largest(double[] row) {
        return IntStream.range(0, row.length)
                .boxed()
                .max((a, b) -> Double.compare(row[a], row[b]))
                .orElseThrow();
    }

    @Test
    void theTemperatureThatMarginsWereMadeWithIsFound() {
        var random = new Random(3);
        double sharpness = 2.5;
        var scores = new double[4000][1];
        var labels = new int[scores.length];
        for (int i = 0; i < labels.length; i++) {
            scores[i][0] = random.nextGaussian();
            labels[i] = random.nextDouble() < LinearScores.logistic(sharpness * scores[i][0]) ? 1 : 0;
        }
        assertThat(Temperature.sharpness(scores, labels)).isCloseTo(sharpness, within(0.2));
    }

    @Test
    void majoritySaysTheClassesShares() {
        double[][] probabilities = new Majority<String>()
                .fit(List.of("a", "b", "c"), new int[] {0, 1, 1}, 2)
                .probabilities(List.of("x"));
        assertThat(probabilities[0]).containsExactly(new double[] {1 / 3.0, 2 / 3.0}, within(1e-12));
    }

    @Test
    void neighboursVoteAsScikitLearns() {
        JsonNode digits = Golden.of("digits");
        List<double[]> rows = Arrays.asList(Golden.rows(digits.get("rows")));
        int[] labels = Golden.ints(digits.get("labels"));
        double[][] votes = new NearestNeighbors(5)
                .fit(rows.subList(0, 400), Arrays.copyOf(labels, 400), 10)
                .probabilities(rows.subList(400, rows.size()));
        assertEqual(votes, Golden.rows(digits.get("neighbours")), 1e-12);
    }

    @Test
    void aClassThatDoesNotOccurGetsNoProbability() {
        var data = new Labelled<>(
                List.of("free prize", "see you", "win cash"), new int[] {2, 0, 2}, List.of("a", "b", "c"));
        double[][] probabilities = data.fit(Baselines.TFIDF_LOGISTIC).probabilities(List.of("win a prize"));
        assertThat(probabilities[0][1]).isZero();
        assertThat(probabilities[0][2]).isGreaterThan(probabilities[0][0]);
    }

    @Test
    void whereOneClassOccursItIsCertain() {
        var data = new Labelled<>(List.of("free", "prize"), new int[] {1, 1}, List.of("a", "b"));
        assertThat(data.fit(Baselines.TFIDF_LOGISTIC).probabilities(List.of("x"))[0])
                .containsExactly(0, 1);
    }

    @Test
    void crossValidationPredictsEachRowByAModelThatHasNotSeenIt() {
        // With every text of its own a model knows those it was fitted on, and only those, by heart.
        var texts = IntStream.range(0, 60).mapToObj(i -> "word" + i).toList();
        int[] labels = IntStream.range(0, 60).map(i -> i % 3 == 0 ? 1 : 0).toArray();
        var data = new Labelled<>(texts, labels, List.of("common", "rare"));
        var trial = Trial.crossValidated(Baselines.TFIDF_LOGISTIC, data, 5, 1);
        assertThat(trial.result().evaluation().perClass().get(1).recall()).isZero();
        assertThat(trial.foldAccuracies()).hasSize(5).allMatch(accuracy -> Math.abs(accuracy - 2 / 3.0) < 1e-9);
    }

    @Test
    void aTrialHoldsFiguresPredictionsAndCost() {
        var names = NAMES;
        var train = new Labelled<>(TEXTS.subList(0, TRAIN), Arrays.copyOf(LABELS, TRAIN), names);
        int[] truth = Arrays.copyOfRange(LABELS, TRAIN, LABELS.length);
        var result = Trial.of(Baselines.TFIDF_LOGISTIC, train, new Labelled<>(TEST, truth, names), 42)
                .result();
        assertThat(result.name()).isEqualTo("tfidf-logistic");
        assertThat(result.evaluation().accuracy())
                .isEqualTo(Evaluation.of(names, truth, golden("logistic")).accuracy());
        assertThat(result.evaluation().intervals()).containsKey("accuracy");
        assertThat(result.predictions().rows()).hasSize(TEST.size());
        assertThat(result.predictions().rows().get(0).text()).isEqualTo(TEST.get(0));
        assertThat(result.cost().rowsPerSecond()).isPositive();
        assertThat(result.cost().bytes()).isPositive();
    }

    @Test
    void anUnknownBaselineNamesTheNearest() {
        assertThatThrownBy(() -> Baselines.text("tfidf-logistics"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("'tfidf-logistic'");
    }
}
