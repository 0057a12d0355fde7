package dev.attune.peft;

import java.util.Collection;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;

/** How many numbers are trained, of how many there are. */
public record TrainableParameters(long trainable, long all) {
    /** Parts of a model that are trained. */
    public static TrainableParameters within(Collection<Tensor> model, Collection<Tensor> trained) {
        return new TrainableParameters(count(trained), count(model));
    }

    /** Parameters of an adapter, which count beside the model's, copies of a head too. */
    public static TrainableParameters beside(Collection<Tensor> model, Collection<Tensor> adapter) {
        return new TrainableParameters(count(adapter), count(model) + count(adapter));
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
