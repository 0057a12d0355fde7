package dev.attune.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A layer that multiplies by a weight, as adapters see it. They may add to what it gives, or put another weight's data into
 * its weight.
 */
public interface Layer {
    /** (out, in), or (in, out) where it is {@link #transposed()}; {@link Int8Weight#values} where it is quantized. */
    Tensor weight();

    /** Whether the weight is kept as (in, out), as GPT-2's Conv1D does. */
    boolean transposed();

    /** Sets what is added to the layer's output; null for nothing. */
    void update(@Nullable Update update);

    /** What is added now. */
    @Nullable Update update();

    /** Whether it is no more than its weight and bias, in fp32. */
    default boolean plain() {
        return update() == null && weight().scalar_type().intern() == ScalarType.Float;
    }

    /** The inputs' width. */
    default long in() {
        return weight().size(transposed() ? 0 : 1);
    }

    /** The outputs' width. */
    default long out() {
        return weight().size(transposed() ? 1 : 0);
    }

    /** Something that is added to a layer's outputs. */
    @FunctionalInterface
    interface Update {
        /**
         * Computes it for some of the outputs.
         *
         * @param x the layer's input (…, in)
         * @param from the first of the outputs that are asked for
         * @return (…, width)
         */
        Tensor of(Tensor x, long from, long width);

        /** The layer's own outputs with the update added, in their dtype. */
        static Tensor add(@Nullable Update update, Tensor own, Tensor x, long from) {
            return update == null
                    ? own
                    : own.add(update.of(x, from, own.size(own.dim() - 1))).to(own.scalar_type());
        }
    }
}
