package dev.attune.evaluation;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A row whose predicted label is wrong: its index, both label ids and the probability given to the predicted one. */
public record Mistake(int row, int truth, int predicted, double probability) {
    /** At most {@code limit} mistakes, the most confident first: where labels are often wrong and models often blind. */
    public static List<Mistake> mostConfident(int[] truth, double[][] probabilities, int limit) {
        return IntStream.range(0, truth.length)
                .mapToObj(row -> {
                    int predicted = Prediction.of(probabilities[row]);
                    return new Mistake(row, truth[row], predicted, probabilities[row][predicted]);
                })
                .filter(mistake -> mistake.truth != mistake.predicted)
                .sorted(Comparator.comparingDouble(Mistake::probability)
                        .reversed()
                        .thenComparingInt(Mistake::row))
                .limit(limit)
                .toList();
    }
}
