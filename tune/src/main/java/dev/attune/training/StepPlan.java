package dev.attune.training;

import dev.attune.classifier.LengthBatches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which examples go together in which step of a run. */
final class StepPlan {
    private final int[] lengths;
    private final TrainingOptions options;

    /** @param lengths tokens of each example */
    StepPlan(int[] lengths, TrainingOptions options) {
        this.lengths = lengths.clone();
        this.options = options;
    }

    long stepsPerEpoch() {
        return ceilDiv(ceilDiv(lengths.length, options.batchSize()), options.gradientAccumulationSteps());
    }

    long totalSteps() {
        return options.maxSteps() > 0 ? options.maxSteps() : stepsPerEpoch() * options.epochs();
    }

    /** How many epochs are begun, unless training stops early. */
    int epochs() {
        return Math.toIntExact(ceilDiv(totalSteps(), stepsPerEpoch()));
    }

    /** An epoch's batches, grouped by optimizer step. */
    List<List<int[]>> steps(int epoch) {
        var batches = Batches.epoch(lengths, options.batchSize(), options.lengthBatches(), options.seed(), epoch);
        var steps = new ArrayList<List<int[]>>();
        for (int i = 0; i < batches.size(); i += options.gradientAccumulationSteps()) {
            steps.add(batches.subList(i, Math.min(batches.size(), i + options.gradientAccumulationSteps())));
        }
        return steps;
    }

    /** What of a batch goes through the model at once. */
    List<int[]> parts(int[] batch) {
        return LengthBatches.split(batch, lengths, options.maxTokens());
    }

    /** Tokens of the longest example. */
    int width(int[] part) {
        return Arrays.stream(part).map(example -> lengths[example]).max().orElseThrow();
    }

    private static long ceilDiv(long a, long b) {
        return (a + b - 1) / b;
    }
}
