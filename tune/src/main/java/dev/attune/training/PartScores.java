package dev.attune.training;

import dev.attune.classifier.EncodedDataset;
import dev.attune.classifier.LengthBatches;
import dev.attune.data.LabelSet;
import dev.attune.evaluation.Evaluation;
import java.util.Arrays;
import java.util.List;
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
        int[] sample = sample(batches, options);
        int[] truth = Arrays.stream(sample).map(part::label).toArray();
        var evaluation = Evaluation.of(labels.names(), truth, evaluated(sample));
        return new Objective.Scores(
                evaluation.logLoss(), evaluation.accuracy(), evaluation.macro().f1());
    }

    private int[] sample(int batches, TrainingOptions options) {
        int count = batches == 0 ? part.size() : Math.min(part.size(), batches * options.batchSize());
        return Batches.epoch(new int[part.size()], 1, false, options.seed(), -1).stream()
                .limit(count)
                .mapToInt(one -> one[0])
                .toArray();
    }

    /** The passes of {@link #of}. */
    List<Pass> passes(int batches, TrainingOptions options) {
        int[] sample = sample(batches, options);
        int[] lengths = lengths(sample);
        return LengthBatches.all(lengths, tokens).stream()
                .map(batch -> {
                    int[] examples = Arrays.stream(batch).map(i -> sample[i]).toArray();
                    int width = Arrays.stream(batch).map(i -> lengths[i]).max().orElseThrow();
                    return new Pass(batch.length, width, () -> evaluated(examples));
                })
                .toList();
    }

    private int[] lengths(int[] examples) {
        return Arrays.stream(examples).map(i -> part.ids(i).length + beside).toArray();
    }

    /** The probabilities of these examples, in their order, without a graph. */
    @SuppressWarnings("try") // scope and guard are there for what they do
    double[][] evaluated(int[] examples) {
        double[][] all = new double[examples.length][];
        for (int[] batch : LengthBatches.all(lengths(examples), tokens)) {
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
