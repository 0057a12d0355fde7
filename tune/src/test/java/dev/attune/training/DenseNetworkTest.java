package dev.attune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.recipe.Recipe;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class DenseNetworkTest {
    private static final TrainingOptions OPTIONS = Recipe.defaults()
            .with(Map.of("epochs", 40, "batch-size", 32, "seed", 1))
            .training();
    private static final double RATE = 1e-2;

    private final Random random = new Random(3);

    private double[][] rows(int count) {
        double[][] rows = new double[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = new double[] {random.nextGaussian(), random.nextGaussian()};
        }
        return rows;
    }

    /** No line divides them: a linear model gets half of them right. */
    @Test
    void learnsClassesThatNoLineDivides() {
        double[][] rows = rows(400);
        int[] labels =
                Arrays.stream(rows).mapToInt(row -> row[0] * row[1] > 0 ? 1 : 0).toArray();
        var network = DenseNetwork.classes(rows, labels, 2, OPTIONS, RATE);
        double[][] test = rows(300);
        double[][] probabilities = network.probabilities(test);
        int right = 0;
        for (int i = 0; i < test.length; i++) {
            assertThat(probabilities[i][0] + probabilities[i][1]).isCloseTo(1, within(1e-9));
            right += (probabilities[i][1] > 0.5) == (test[i][0] * test[i][1] > 0) ? 1 : 0;
        }
        assertThat(right).isGreaterThan(270);
        assertThat(network.numbers()).isEqualTo(64 * 3 + 2 * 65);
    }

    @Test
    void learnsANumberThatIsNotLinear() {
        double[][] rows = rows(400);
        double[] targets = Arrays.stream(rows)
                .mapToDouble(row -> Math.abs(row[0]) - row[1])
                .toArray();
        var network = DenseNetwork.numbers(rows, targets, OPTIONS, RATE);
        double[][] test = rows(300);
        double[] predicted = network.predict(test);
        double squares = 0;
        for (int i = 0; i < test.length; i++) {
            squares += Math.pow(predicted[i] - Math.abs(test[i][0]) + test[i][1], 2) / test.length;
        }
        assertThat(squares).isLessThan(0.1); // of a variance of about 1.4
    }

    @Test
    void theSameSeedGivesTheSameNetworkAndNoMemoryStays() {
        double[][] rows = rows(60);
        int[] labels = Arrays.stream(rows).mapToInt(row -> row[0] > 0 ? 1 : 0).toArray();
        var few = Recipe.defaults().with(Map.of("epochs", 2)).training();
        double[][] first = DenseNetwork.classes(rows, labels, 2, few, RATE).probabilities(rows);
        long before = Pointer.totalCount();
        double[][] second = DenseNetwork.classes(rows, labels, 2, few, RATE).probabilities(rows);
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
        assertThat(second).isDeepEqualTo(first);
    }
}
