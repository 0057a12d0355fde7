package dev.attune.explore.report;

import java.util.List;

/**
 * A slider: what precision and recall become when a text is called positive from some probability on.
 *
 * @param positive the label that is looked for
 * @param probabilities of that label, one a text
 * @param positives whether each text has it in the truth
 */
public record Threshold(
        String id, String title, String summary, String positive, List<Double> probabilities, List<Boolean> positives)
        implements Chart {
    public Threshold {
        probabilities = List.copyOf(probabilities);
        positives = List.copyOf(positives);
    }
}
