package dev.attune.model;

import dev.attune.torch.Dtype;
import java.util.function.Predicate;

/**
 * How a backbone is loaded.
 *
 * @param frozen dtype of what is not trained: tensors that have it in the file stay mapped, others are converted
 * @param head what stands on top
 * @param trained which parts are trained: their parameters are copied to memory of their own, in fp32, and require a
 *     gradient
 * @param seed for parameters that the file does not have
 */
public record LoadOptions(Dtype frozen, Head head, Predicate<Part> trained, long seed) {
    /** Everything frozen, in fp32. */
    public static LoadOptions frozen(Head head) {
        return new LoadOptions(Dtype.F32, head, part -> false, 0);
    }

    /** Everything trained. */
    public static LoadOptions trained(Head head, long seed) {
        return new LoadOptions(Dtype.F32, head, part -> true, seed);
    }

    public LoadOptions withFrozen(Dtype dtype) {
        return new LoadOptions(dtype, head, trained, seed);
    }

    public LoadOptions withTrained(Predicate<Part> parts) {
        return new LoadOptions(frozen, head, parts, seed);
    }
}
