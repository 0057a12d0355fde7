package dev.attune.training;

import dev.attune.classifier.SequenceClassifier;
import dev.attune.data.Shuffle;
import dev.attune.evaluation.Evaluation;
import dev.attune.torch.Tensors;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.CrossEntropyLossOptions;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.kSum;

/** Cross-entropy, or squared error, of a {@link DenseNetwork}. A tenth of the rows is held out to choose the best epoch. */
final class DenseObjective implements Objective {
    private static final int HELD_OUT = 10;
    /** Of fewer rows none is held out. */
    private static final int FEWEST = 50;

    private final Map<String, Tensor> parameters;
    private final double[][] rows;
    private final double[] targets;
    private final int classes;
    private final int sampled;
    private final int[] train;
    private final int[] validation;

    /** @param classes 0 for numbers */
    DenseObjective(
            Map<String, Tensor> parameters, double[][] rows, double[] targets, int classes, TrainingOptions options) {
        this.parameters = parameters;
        this.rows = rows;
        this.targets = targets;
        this.classes = classes;
        sampled = options.batchSize();
        int[] order = Shuffle.permutation(rows.length, options.seed());
        int held = rows.length < FEWEST ? 0 : rows.length / HELD_OUT;
        validation = Arrays.copyOf(order, held);
        train = Arrays.copyOfRange(order, held, order.length);
    }

    @Override
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    /** A row counts as one token. */
    @Override
    public int[] lengths() {
        int[] lengths = new int[train.length];
        Arrays.fill(lengths, 1);
        return lengths;
    }

    @Override
    public int units(int[] batch) {
        return batch.length;
    }

    @Override
    public BatchLoss loss(int[] batch) {
        int[] chosen = Arrays.stream(batch).map(i -> train[i]).toArray();
        Tensor outputs = outputs(chosen); // (B, outputs)
        if (classes == 0) {
            float[] numbers = new float[chosen.length];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) targets[chosen[i]];
            }
            Tensor error = outputs.squeeze(1).sub(Tensors.of(numbers, numbers.length)); // (B)
            return new BatchLoss(error.square().sum(), 0);
        }
        Tensor labels = Tensors.of(labels(chosen), chosen.length).to(torch.ScalarType.Long); // (B)
        var sum = new CrossEntropyLossOptions();
        sum.reduction().put(new kSum());
        long correct = torch.argmax(outputs, new LongOptional(1), false)
                .eq(labels)
                .sum()
                .item_long();
        return new BatchLoss(torch.cross_entropy(outputs, labels, sum), (int) correct);
    }

    /** (B) rows -> (B, outputs) */
    private Tensor outputs(int[] chosen) {
        float[][] x = new float[chosen.length][];
        for (int i = 0; i < x.length; i++) {
            x[i] = new float[rows[chosen[i]].length];
            for (int c = 0; c < x[i].length; c++) {
                x[i][c] = (float) rows[chosen[i]][c];
            }
        }
        Tensor hidden = torch.relu(
                torch.linear(Tensors.of(x), at(DenseNetwork.HIDDEN_WEIGHT), at(DenseNetwork.HIDDEN_BIAS))); // (B, H)
        return torch.linear(hidden, at(DenseNetwork.OUTPUT_WEIGHT), at(DenseNetwork.OUTPUT_BIAS));
    }

    private Tensor at(String name) {
        return Objects.requireNonNull(parameters.get(name));
    }

    private int[] labels(int[] chosen) {
        return Arrays.stream(chosen).map(row -> (int) targets[row]).toArray();
    }

    @Override
    public boolean hasValidation() {
        return validation.length > 0;
    }

    /** Of numbers, the loss alone: their accuracy is 0, so that the least loss is best. */
    @Override
    @SuppressWarnings("try") // scope and guard are there for what they do
    public Scores evaluate(Subset subset, int batches) {
        int[] all = subset == Subset.TRAIN ? train : validation;
        int[] chosen = batches == 0 ? all : Arrays.copyOf(all, Math.min(all.length, batches * sampled));
        double[][] outputs;
        try (var scope = new PointerScope();
                var noGrad = new NoGradGuard()) {
            outputs = rowsOf(outputs(chosen));
        }
        if (classes == 0) {
            double squares = 0;
            for (int i = 0; i < chosen.length; i++) {
                double error = outputs[i][0] - targets[chosen[i]];
                squares += error * error;
            }
            return new Scores(squares / chosen.length, 0, 0);
        }
        var names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
        var evaluation = Evaluation.of(names, labels(chosen), outputs);
        return new Scores(
                evaluation.logLoss(), evaluation.accuracy(), evaluation.macro().f1());
    }

    private double[][] rowsOf(Tensor outputs) {
        return classes == 0 ? SequenceClassifier.rows(outputs) : SequenceClassifier.probabilities(outputs);
    }
}
