package dev.attune.recipe;

import dev.attune.classifier.TextClassifier;
import dev.attune.data.Dataset;
import dev.attune.evaluation.Evaluation;
import dev.attune.evaluation.Predictions;
import dev.attune.model.Quantization;
import dev.attune.torch.Dtype;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What quantization costs a classifier: the same rows with its weights as they are, and quantized.
 *
 * @param dtype of the weights as they are
 * @param differing rows whose label is another one
 */
public record QuantizationComparison(Dtype dtype, Side own, Side quantized, int differing) {
    /**
     * One of the two.
     *
     * @param weightBytes what the model's weights take
     */
    public record Side(Evaluation evaluation, long weightBytes) {}

    /** A side, and what it says of each row. */
    private record Answers(Dtype dtype, Side side, List<Predictions.Row> rows) {
        static Answers of(TextClassifier classifier, Dataset dataset, long seed) {
            var known = dataset.withLabels(classifier.labels());
            double[][] probabilities = classifier.probabilities(known.texts());
            var evaluation = Evaluation.of(classifier.labels().names(), known.labelIds(), probabilities, seed);
            return new Answers(
                    classifier.dtype(),
                    new Side(evaluation, classifier.weightBytes()),
                    Predictions.of(known, probabilities).rows());
        }
    }

    /**
     * Evaluates a classifier twice, with one of the two in memory at a time.
     *
     * @param loading loads it, quantized as it is told
     * @param seed of the confidence intervals
     */
    public static QuantizationComparison of(
            Function<Quantization, TextClassifier> loading, Quantization quantization, Dataset dataset, long seed) {
        var own = answers(loading, Quantization.NONE, dataset, seed);
        var quantized = answers(loading, quantization, dataset, seed);
        int differing = (int) IntStream.range(0, own.rows().size())
                .filter(row -> !own.rows()
                        .get(row)
                        .predicted()
                        .equals(quantized.rows().get(row).predicted()))
                .count();
        return new QuantizationComparison(own.dtype(), own.side(), quantized.side(), differing);
    }

    private static Answers answers(
            Function<Quantization, TextClassifier> loading, Quantization quantization, Dataset dataset, long seed) {
        try (var classifier = loading.apply(quantization)) {
            return Answers.of(classifier, dataset, seed);
        }
    }

    /** How much more of the rows are right quantized; below 0 as a rule. */
    public double accuracyDifference() {
        return quantized.evaluation().accuracy() - own.evaluation().accuracy();
    }

    /** By how much macro F1 is higher quantized; below 0 as a rule. */
    public double macroF1Difference() {
        return quantized.evaluation().macro().f1() - own.evaluation().macro().f1();
    }
}
