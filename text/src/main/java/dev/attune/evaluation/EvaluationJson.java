package dev.attune.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** An evaluation as evaluation.json has it: one object under scikit-learn's names. */
final class EvaluationJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private EvaluationJson() {}

    static String write(Evaluation evaluation) {
        ObjectNode root = JSON.createObjectNode();
        root.put("n", evaluation.n());
        evaluation.metrics().forEach(root::put);
        if (evaluation.rocAuc() == null) {
            root.putNull("roc_auc");
        }
        root.set("labels", JSON.valueToTree(evaluation.labels()));
        ObjectNode perClass = root.putObject("per_class");
        for (int label = 0; label < evaluation.labels().size(); label++) {
            ClassScores scores = evaluation.perClass().get(label);
            perClass.putObject(evaluation.labels().get(label))
                    .put("precision", scores.precision())
                    .put("recall", scores.recall())
                    .put("f1", scores.f1())
                    .put("support", scores.support());
        }
        root.set("confusion", JSON.valueToTree(evaluation.confusion()));
        ObjectNode intervals = root.putObject("intervals");
        evaluation
                .intervals()
                .forEach((metric, interval) ->
                        intervals.putArray(metric).add(interval.low()).add(interval.high()));
        return root.toString();
    }

    static Evaluation read(String json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InputException("The evaluation is not valid JSON: " + e.getOriginalMessage() + ".", e);
        }
        if (root.has("r2")) {
            throw new InputException("These are predicted numbers, and only classifications can be read here.");
        }
        var labels = new ArrayList<String>();
        required(root, "labels").forEach(label -> labels.add(label.asText()));
        var perClass = new ArrayList<ClassScores>();
        for (String label : labels) {
            JsonNode scores = required(required(root, "per_class"), label);
            perClass.add(new ClassScores(
                    number(scores, "precision"),
                    number(scores, "recall"),
                    number(scores, "f1"),
                    required(scores, "support").intValue()));
        }
        var confusion = new ArrayList<List<Integer>>();
        for (JsonNode row : required(root, "confusion")) {
            var counts = new ArrayList<Integer>();
            row.forEach(count -> counts.add(count.intValue()));
            confusion.add(counts);
        }
        var intervals = new LinkedHashMap<String, Interval>();
        required(root, "intervals")
                .properties()
                .forEach(entry -> intervals.put(
                        entry.getKey(),
                        new Interval(
                                entry.getValue().path(0).doubleValue(),
                                entry.getValue().path(1).doubleValue())));
        JsonNode rocAuc = required(root, "roc_auc");
        return new Evaluation(
                required(root, "n").intValue(),
                labels,
                number(root, "accuracy"),
                averages(root, "macro"),
                averages(root, "micro"),
                averages(root, "weighted"),
                perClass,
                confusion,
                number(root, "mcc"),
                rocAuc.isNull() ? null : (Double) rocAuc.doubleValue(),
                number(root, "average_precision"),
                number(root, "log_loss"),
                number(root, "expected_calibration_error"),
                intervals);
    }

    private static Averages averages(JsonNode root, String kind) {
        return new Averages(
                number(root, "precision_" + kind), number(root, "recall_" + kind), number(root, "f1_" + kind));
    }

    private static double number(JsonNode node, String name) {
        JsonNode value = required(node, name);
        if (!value.isNumber()) {
            throw new InputException("The evaluation's \"" + name + "\" is " + value + " instead of a number.");
        }
        return value.doubleValue();
    }

    private static JsonNode required(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            throw new InputException("The evaluation has no \"" + name + "\"; it was not written by attune evaluate.");
        }
        return value;
    }
}
