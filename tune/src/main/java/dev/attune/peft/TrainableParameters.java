package dev.attune.peft;

import java.util.Collection;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;

/** How many numbers are trained, of how many there are. */
public record TrainableParameters(long trainable, long all) {
    /** Counts them: those that require a gradient are trained. */
    public static TrainableParameters of(Collection<Tensor> parameters) {
        return new TrainableParameters(
                count(parameters.stream().filter(Tensor::requires_grad).toList()), count(parameters));
    }

    private static long count(Collection<Tensor> parameters) {
        return parameters.stream().mapToLong(Tensor::numel).sum();
    }

    /** As peft prints it: {@code trainable params: 8,192 || all params: 559,222,784 || trainable%: 0.0015}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "trainable params: %,d || all params: %,d || trainable%%: %.4f",
                trainable,
                all,
                100.0 * trainable / all);
    }
}
