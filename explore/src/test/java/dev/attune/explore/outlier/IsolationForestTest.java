package dev.attune.explore.outlier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.attune.evaluation.Evaluation;
import dev.attune.explore.Golden;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class IsolationForestTest {
    private static final JsonNode GOLDEN = Golden.of("outliers");
    private static final double[][] ROWS = Golden.rows(GOLDEN.get("rows"));

    @Test
    void scoresAreNearScikitLearns() {
        double[] scores = IsolationForest.fit(ROWS, 1).scores(ROWS);
        double[] expected = Golden.doubles(GOLDEN.get("scores"));
        double difference = 0;
        for (int i = 0; i < scores.length; i++) {
            difference += Math.abs(scores[i] - expected[i]) / scores.length;
        }
        assertThat(difference).isLessThan(0.02); // two forests of scikit-learn's with different seeds: 0.01
        assertThat(rocAuc(scores, Golden.ints(GOLDEN.get("labels"))))
                .isCloseTo(GOLDEN.get("roc_auc").doubleValue(), within(0.02));
    }

    static double rocAuc(double[] scores, int[] labels) {
        double[][] probabilities =
                Arrays.stream(scores).mapToObj(s -> new double[] {1 - s, s}).toArray(double[][]::new);
        Double auc =
                Evaluation.of(List.of("row", "outlier"), labels, probabilities).rocAuc();
        return auc == null ? Double.NaN : auc;
    }

    @Test
    void aSeedGivesTheSameScoresAgain() {
        assertThat(IsolationForest.fit(ROWS, 4).scores(ROWS))
                .isEqualTo(IsolationForest.fit(ROWS, 4).scores(ROWS))
                .isNotEqualTo(IsolationForest.fit(ROWS, 5).scores(ROWS));
    }

    @Test
    void flagsTheShareThatIsAskedFor() {
        var outliers = Outliers.find(ROWS, 0.05, 1);
        assertThat(outliers.flagged())
                .hasSize(GOLDEN.get("flagged_of_5_percent").intValue());
        assertThat(outliers.flagged())
                .isSortedAccordingTo((a, b) -> Double.compare(
                        outliers.scores().get(b), outliers.scores().get(a)));
    }

    @Test
    void flagsScoresAboveOneHalfWhereNoShareIsGiven() {
        var outliers = Outliers.find(ROWS, 1);
        assertThat((double) outliers.flagged().size())
                .isCloseTo(GOLDEN.get("flagged").intValue(), within(12.0));
        assertThat(outliers.flagged()).allMatch(row -> outliers.scores().get(row) > 0.5);
    }

    @Test
    void equalRowsAreNoOutliers() {
        double[][] rows = new double[50][];
        Arrays.fill(rows, new double[] {1, 2});
        assertThat(Outliers.find(rows, 1).flagged()).isEmpty();
    }

    @Test
    void contaminationIsAShareOfAtMostOneHalf() {
        assertThatThrownBy(() -> Outliers.find(ROWS, 0.6, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("0.6");
    }
}
