package dev.attune.explore.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.files.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Loss, accuracy and learning rate over a run, from its metrics.jsonl. */
final class LearningCurves {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, String> LOSS =
            Map.of("loss", "training (batches)", "train_loss", "training (sample)", "eval_loss", "validation");
    private static final Map<String, String> ACCURACY = Map.of(
            "accuracy", "training (batches)", "train_accuracy", "training (sample)", "eval_accuracy", "validation");

    private final List<JsonNode> rows = new ArrayList<>();

    LearningCurves(Path file) {
        try {
            for (String line : Files.readAllLines(file)) {
                rows.add(JSON.readTree(line));
            }
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file + ":" + (rows.size() + 1) + " is no row of metrics: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    Section section() {
        var blocks = new ArrayList<Block>();
        var loss = curves(LOSS);
        if (!loss.isEmpty()) {
            blocks.add(new Lines("loss", "Loss", summary("loss", loss), "epoch", "mean loss", loss, null, null));
        }
        var accuracy = curves(ACCURACY);
        if (!accuracy.isEmpty()) {
            blocks.add(new Lines(
                    "accuracy",
                    "Accuracy",
                    summary("accuracy", accuracy),
                    "epoch",
                    "share right",
                    accuracy,
                    null,
                    null));
        }
        var rate = curves(Map.of("learning_rate", "learning rate"));
        if (!rate.isEmpty()) {
            blocks.add(new Lines(
                    "learning-rate", "Learning rate", schedule(rate.get(0).y()), "epoch", "rate", rate, null, null));
        }
        return new Section("training", "Training", "", blocks);
    }

    /** Where the validation loss has long been rising, and the model learnt its texts by heart. */
    List<Finding> findings() {
        var validation = curve("eval_loss", "validation");
        int last = validation.y().size() - 1;
        int best = 0;
        for (int i = 1; i <= last; i++) {
            best = validation.y().get(i) < validation.y().get(best) ? i : best;
        }
        if (last < 2
                || best >= last - 1
                || validation.y().get(last) < 1.1 * validation.y().get(best)) {
            return List.of();
        }
        return List.of(new Finding(
                Finding.Level.NOTE,
                "The validation loss was least at epoch "
                        + Text.number(validation.x().get(best)) + " ("
                        + Text.metric(validation.y().get(best)) + ") and "
                        + Text.metric(validation.y().get(last))
                        + " at the end: fewer epochs would do.",
                "training"));
    }

    private static String schedule(List<Double> rates) {
        return "As the schedule set it: at most " + Text.number(Collections.max(rates)) + ", "
                + Text.number(rates.get(rates.size() - 1)) + " at the end.";
    }

    private static String summary(String what, List<Lines.Curve> curves) {
        var ends = new ArrayList<String>();
        for (Lines.Curve curve : curves) {
            ends.add(curve.name() + " " + Text.metric(curve.y().get(curve.y().size() - 1)));
        }
        return "At the end: " + what + " of " + String.join(", ", ends) + ".";
    }

    private List<Lines.Curve> curves(Map<String, String> names) {
        return names.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(java.util.Comparator.comparingInt(LearningCurves::order)))
                .map(name -> curve(name.getKey(), name.getValue()))
                .filter(curve -> !curve.x().isEmpty())
                .toList();
    }

    private static int order(String key) {
        return key.startsWith("eval") ? 2 : key.startsWith("train") ? 1 : 0;
    }

    private Lines.Curve curve(String key, String name) {
        var measured = rows.stream().filter(row -> row.hasNonNull(key)).toList();
        return new Lines.Curve(
                name,
                measured.stream().map(row -> row.path("epoch").doubleValue()).toList(),
                measured.stream().map(row -> row.get(key).doubleValue()).toList(),
                false);
    }
}
