package dev.attune.peft;

import dev.attune.torch.Tensors;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.bytedeco.pytorch.Tensor;

/** Parameters that no file has yet: fp32 leaves that require a gradient, drawn as PyTorch's layers draw theirs. */
public final class NewParameters {
    private final Random random;

    public NewParameters(long seed) {
        random = new Random(seed);
    }

    /** Given numbers. */
    static Tensor of(float[] values, long... shape) {
        return Tensors.of(values, shape).requires_grad_(true);
    }

    /** Standard normal numbers, as an embedding begins with. */
    Tensor normal(long... shape) {
        return draw(random::nextGaussian, shape);
    }

    /** Numbers between -1/√n and 1/√n, as a linear layer of n inputs or an LSTM of n units begins with. */
    public Tensor uniform(long n, long... shape) {
        double bound = 1 / Math.sqrt((double) n);
        return draw(() -> (2 * random.nextDouble() - 1) * bound, shape);
    }

    private static Tensor draw(DoubleSupplier number, long... shape) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) number.getAsDouble();
        }
        return of(values, shape);
    }
}
