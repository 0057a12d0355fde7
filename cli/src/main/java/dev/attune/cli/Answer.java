package dev.attune.cli;

import dev.attune.classifier.Prediction;
import dev.attune.recipe.WrittenAnswer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code attune classify} says of a text.
 *
 * @param label null where what the model wrote is no label
 * @param grounds what the label rests on, for a line: its probability, or what was written
 * @param details the same and more, as JSON
 */
record Answer(String text, @Nullable String label, String grounds, Map<String, Object> details) {
    private static final String NONE = "(no label)";

    /** The likeliest label. */
    static Answer of(Prediction prediction) {
        var probabilities = new LinkedHashMap<String, Double>();
        for (int i = 0; i < prediction.labels().size(); i++) {
            probabilities.put(
                    prediction.labels().name(i), prediction.probabilities().get(i));
        }
        var details = new LinkedHashMap<String, Object>();
        details.put("probability", prediction.probability());
        details.put("probabilities", probabilities);
        return new Answer(
                prediction.text(),
                prediction.label(),
                String.format(Locale.ROOT, "%.4f", prediction.probability()),
                details);
    }

    /** The label that was written. */
    static Answer of(String text, WrittenAnswer written) {
        return new Answer(text, written.label(), Terminal.oneLine(written.text()), Map.of("generated", written.text()));
    }

    /** Text, label and grounds with tabs between them. */
    String line() {
        return String.join("\t", Terminal.oneLine(text), label == null ? NONE : label, grounds);
    }
}
