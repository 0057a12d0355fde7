package dev.attune.training;

import dev.attune.evaluation.Softmax;
import dev.attune.peft.NewParameters;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A network with one hidden layer (ReLU) on rows of numbers, trained by the same loop as everything else: what a table's other
 * baselines are held against. Rows should be of a like scale. Once trained it is plain numbers and holds no native memory.
 */
public final class DenseNetwork {
    private static final int HIDDEN = 64;
    static final String HIDDEN_WEIGHT = "hidden.weight";
    static final String HIDDEN_BIAS = "hidden.bias";
    static final String OUTPUT_WEIGHT = "output.weight";
    static final String OUTPUT_BIAS = "output.bias";

    private final float[][] hiddenWeights; // (hidden, columns)
    private final float[] hiddenBias;
    private final float[][] outputWeights; // (outputs, hidden)
    private final float[] outputBias;

    private DenseNetwork(Map<String, Tensor> parameters) {
        hiddenWeights = Tensors.toFloatRows(at(parameters, HIDDEN_WEIGHT));
        hiddenBias = Tensors.toFloats(at(parameters, HIDDEN_BIAS));
        outputWeights = Tensors.toFloatRows(at(parameters, OUTPUT_WEIGHT));
        outputBias = Tensors.toFloats(at(parameters, OUTPUT_BIAS));
    }

    /**
     * Trains on classes, by cross-entropy.
     *
     * @param rows (N, columns)
     * @param labels of the rows, 0 to classes - 1
     * @param options of the loop; a tenth of the rows chooses the best epoch
     */
    public static DenseNetwork classes(
            double[][] rows, int[] labels, int classes, TrainingOptions options, double learningRate) {
        double[] targets = Arrays.stream(labels).asDoubleStream().toArray();
        return train(rows, targets, classes, options, learningRate);
    }

    /** Trains on numbers, by squared error; they should be of mean 0 and deviation 1. See {@link #classes}. */
    public static DenseNetwork numbers(
            double[][] rows, double[] targets, TrainingOptions options, double learningRate) {
        return train(rows, targets, 0, options, learningRate);
    }

    @SuppressWarnings("try") // the scope frees the parameters and the optimizer's state
    private static DenseNetwork train(
            double[][] rows, double[] targets, int classes, TrainingOptions options, double learningRate) {
        Path folder = temporary();
        try (var scope = new PointerScope()) {
            var parameters = drawn(rows[0].length, Math.max(1, classes), options.seed());
            var objective = new DenseObjective(parameters, rows, targets, classes, options);
            new Trainer(objective, options, learningRate, folder, TrainingListener.NONE, () -> false).run();
            return new DenseNetwork(parameters);
        } finally {
            delete(folder);
        }
    }

    private static Map<String, Tensor> drawn(int columns, int outputs, long seed) {
        var drawn = new NewParameters(seed);
        var parameters = new LinkedHashMap<String, Tensor>();
        parameters.put(HIDDEN_WEIGHT, drawn.uniform(columns, HIDDEN, columns));
        parameters.put(HIDDEN_BIAS, drawn.uniform(columns, HIDDEN));
        parameters.put(OUTPUT_WEIGHT, drawn.uniform(HIDDEN, outputs, HIDDEN));
        parameters.put(OUTPUT_BIAS, drawn.uniform(HIDDEN, outputs));
        return parameters;
    }

    private static Tensor at(Map<String, Tensor> parameters, String name) {
        return Objects.requireNonNull(parameters.get(name));
    }

    /** The probabilities of the classes, a row for each row. */
    public double[][] probabilities(double[][] rows) {
        return Arrays.stream(rows).map(row -> Softmax.of(outputs(row))).toArray(double[][]::new);
    }

    /** The number for each row. */
    public double[] predict(double[][] rows) {
        return Arrays.stream(rows).mapToDouble(row -> outputs(row)[0]).toArray();
    }

    /** How many numbers it holds. */
    public long numbers() {
        return (long) hiddenWeights.length * (hiddenWeights[0].length + 1)
                + (long) outputWeights.length * (hiddenWeights.length + 1);
    }

    private double[] outputs(double[] row) {
        return layer(
                outputWeights,
                outputBias,
                Arrays.stream(layer(hiddenWeights, hiddenBias, row))
                        .map(x -> Math.max(0, x))
                        .toArray());
    }

    private static double[] layer(float[][] weights, float[] bias, double[] x) {
        double[] out = new double[weights.length];
        for (int o = 0; o < out.length; o++) {
            double sum = bias[o];
            for (int i = 0; i < x.length; i++) {
                sum += weights[o][i] * x[i];
            }
            out[o] = sum;
        }
        return out;
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("attune-network");
        } catch (IOException e) {
            throw new UncheckedIOException("No temporary folder can be made: " + e.getMessage(), e);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + folder + ": " + e.getMessage(), e);
        }
    }
}
