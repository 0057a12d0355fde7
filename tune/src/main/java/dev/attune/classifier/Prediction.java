package dev.attune.classifier;

import dev.attune.data.LabelSet;
import java.util.List;

/**
 * What a classifier says of one text.
 *
 * @param probabilities one for each label, in {@code labels}' order, summing to 1
 */
public record Prediction(String text, LabelSet labels, List<Double> probabilities) {
    public Prediction {
        probabilities = List.copyOf(probabilities);
    }

    /** The most probable label. */
    public String label() {
        return labels.name(best());
    }

    /** The most probable label's probability. */
    public double probability() {
        return probabilities.get(best());
    }

    private int best() {
        int best = 0;
        for (int i = 1; i < probabilities.size(); i++) {
            if (probabilities.get(i) > probabilities.get(best)) {
                best = i;
            }
        }
        return best;
    }
}
