package dev.attune.model;

import dev.attune.files.InputException;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a backbone is loaded.
 *
 * @param frozen dtype of what is not trained: tensors that have it in the file stay mapped, others are converted; null: as in
 *     the file where that is fp32 or bf16, fp32 otherwise
 * @param quantization what the blocks' weights are kept as; with {@link Quantization#INT8} nothing stays mapped
 * @param autocast whether layers below the head multiply what is trained in bf16 too, its weights staying in fp32 (mixed precision,
 *     Micikevicius et al. 2018)
 * @param head what stands on top
 * @param trained which parts are trained: their parameters are copied to memory of their own, in fp32, and require a
 *     gradient
 * @param seed for parameters that the file does not have
 * @param device where the parameters live and are computed with
 */
public record LoadOptions(
        @Nullable Dtype frozen,
        Quantization quantization,
        boolean autocast,
        Head head,
        Predicate<Part> trained,
        long seed,
        Device device) {
    public LoadOptions {
        if (frozen == Dtype.I8) {
            throw new InputException(
                    "int8 is no dtype to compute in. Of a classifier that is done the weights can be kept in it: Quantization.INT8.");
        }
    }

    /** Everything frozen, in fp32. */
    public static LoadOptions frozen(Head head) {
        return new LoadOptions(Dtype.F32, Quantization.NONE, false, head, part -> false, 0, Device.CPU);
    }

    /** Everything trained. */
    public static LoadOptions trained(Head head, long seed) {
        return new LoadOptions(Dtype.F32, Quantization.NONE, false, head, part -> true, seed, Device.CPU);
    }

    public LoadOptions withFrozen(@Nullable Dtype dtype) {
        return new LoadOptions(dtype, quantization, autocast, head, trained, seed, device);
    }

    public LoadOptions withQuantization(Quantization of) {
        return new LoadOptions(frozen, of, autocast, head, trained, seed, device);
    }

    public LoadOptions withAutocast(boolean on) {
        return new LoadOptions(frozen, quantization, on, head, trained, seed, device);
    }

    public LoadOptions withTrained(Predicate<Part> parts) {
        return new LoadOptions(frozen, quantization, autocast, head, parts, seed, device);
    }

    public LoadOptions withDevice(Device where) {
        return new LoadOptions(frozen, quantization, autocast, head, trained, seed, where);
    }
}
