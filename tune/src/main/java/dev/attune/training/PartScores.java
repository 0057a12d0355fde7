package dev.attune.training;

import dev.attune.classifier.EncodedDataset;
import dev.attune.classifier.LengthBatches;
import dev.attune.data.LabelSet;
import dev.attune.evaluation.Evaluation;
import java.util.Arrays;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * How well labels are told apart on a part of the data, scored in batches of like length.
 *
 * @param tokens most tokens of a batch after padding
 * @param beside tokens that go through the model for each text beside its own
 * @param probabilities of a batch of the part's examples, a row for each
 */
record PartScores(
        EncodedDataset part, LabelSet labels, int tokens, int beside, Function<int[], double[][]> probabilities) {

    /**
     * Scores all examples, or with {@code batches} above 0 a sample of so many training batches: the same ones at each
     * evaluation of a run, the first of a shuffle by its seed.
     */
    Objective.Scores of(int batches, TrainingOptions options) {
        int count = batches == 0 ? part.size() : Math.min(part.size(), batches * options.batchSize());
        int[] sample = Batches.epoch(new int[part.size()], 1, false, options.seed(), -1).stream()
                .limit(count)
                .mapToInt(one -> one[0])
                .toArray();
        int[] truth = Arrays.stream(sample).map(part::label).toArray();
        var evaluation = Evaluation.of(labels.names(), truth, evaluated(sample));
        return new Objective.Scores(
                evaluation.logLoss(), evaluation.accuracy(), evaluation.macro().f1());
    }

    /** The probabilities of these examples, in their order, without a graph. */
    @SuppressWarnings("try") // scope and guard are there for what they do
    double[][] evaluated(int[] examples) {
        int[] lengths =
                Arrays.stream(examples).map(i -> part.ids(i).length + beside).toArray();
        double[][] all = new double[examples.length][];
        for (int[] batch : LengthBatches.all(lengths, tokens)) {
            try (var scope = new PointerScope();
                    var noGrad = new NoGradGuard()) {
                int[] ofPart = Arrays.stream(batch).map(i -> examples[i]).toArray();
                double[][] rows = probabilities.apply(ofPart);
                for (int i = 0; i < batch.length; i++) {
                    all[batch[i]] = rows[i];
                }
            }
        }
        return all;
    }
}
