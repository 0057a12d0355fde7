package dev.attune.recipe;

import dev.attune.classifier.TextClassifier;
import dev.attune.data.Dataset;
import dev.attune.evaluation.Evaluation;
import java.util.ArrayList;
import java.util.List;

/**
 * Two ways to have a language model's labels: the likeliest of their words, or what it writes.
 *
 * @param scored of the likeliest words
 * @param generated of what is written, with certainty; its last class, "(no label)", has no row in the truth and takes the answers
 *     that match no label, so that they count as wrong
 * @param unmatched those answers, in the order of the rows
 * @param agreeing rows that get the same label either way
 */
public record AnswerComparison(Evaluation scored, Evaluation generated, List<String> unmatched, int agreeing) {
    private static final String NONE = "(no label)";

    public AnswerComparison {
        unmatched = List.copyOf(unmatched);
    }

    /**
     * Evaluates a classifier that answers with labels' words both ways.
     *
     * @param seed of the confidence intervals
     * @throws dev.attune.files.InputException as {@link WrittenAnswer#of} throws it
     */
    public static AnswerComparison of(TextClassifier classifier, Dataset dataset, long seed) {
        var known = dataset.withLabels(classifier.labels());
        int[] truth = known.labelIds();
        var written = WrittenAnswer.of(classifier, known.texts());
        var predictions = classifier.classify(known.texts());

        var names = new ArrayList<>(classifier.labels().names());
        names.add(NONE);
        var certain = new double[truth.length][names.size()];
        var unmatched = new ArrayList<String>();
        int agreeing = 0;
        for (int row = 0; row < truth.length; row++) {
            String label = written.get(row).label();
            certain[row][label == null ? names.size() - 1 : classifier.labels().indexOf(label)] = 1;
            if (label == null) {
                unmatched.add(written.get(row).text());
            } else if (label.equals(predictions.get(row).label())) {
                agreeing++;
            }
        }
        double[][] probabilities = predictions.stream()
                .map(prediction -> prediction.probabilities().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray())
                .toArray(double[][]::new);
        return new AnswerComparison(
                Evaluation.of(classifier.labels().names(), truth, probabilities, seed),
                Evaluation.of(names, truth, certain, seed),
                unmatched,
                agreeing);
    }

    public int unmatchedCount() {
        return unmatched.size();
    }

    /** Macro F1 of what is written, over the labels that occur either way; "(no label)" is none of them. */
    public double generatedMacroF1() {
        int labels = scored.labels().size();
        double sum = 0;
        int occurring = 0;
        for (int label = 0; label < labels; label++) {
            int id = label;
            boolean occurs = generated.perClass().get(label).support() > 0
                    || generated.confusion().stream().anyMatch(row -> row.get(id) > 0);
            if (occurs) {
                sum += generated.perClass().get(label).f1();
                occurring++;
            }
        }
        return sum / occurring;
    }
}
