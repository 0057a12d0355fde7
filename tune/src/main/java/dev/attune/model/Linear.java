package dev.attune.model;

import dev.attune.torch.Tensors;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** x Wᵀ + b with the weight as torch keeps it: (out, in). */
final class Linear extends Module implements Layer {
    private final Tensor weight;
    private final @Nullable Tensor bias;
    private final @Nullable Tensor scales;
    private final ScalarType dtype;
    private @Nullable Update update;

    Linear(Weights at, Tensor weight, @Nullable Tensor bias) {
        this.weight = Parameters.register(this, "weight", weight);
        this.bias = bias == null ? null : Parameters.register(this, "bias", bias);
        scales = at.scales();
        dtype = at.multiplied(weight);
        at.made(this);
    }

    Linear(Weights at, long out, long in, boolean biased) {
        this(at, at.multiplier(0, out, in), biased ? at.take("bias", out) : null);
    }

    /** The layer and an activation, in one product where that can be. (…, in) -> (…, out) */
    Tensor forward(Tensor x, Activation activation) {
        return update == null && scales == null
                ? Product.of(Tensors.in(dtype, x), Tensors.in(dtype, weight), added(), activation)
                : activation.apply(forward(x));
    }

    /** (…, in) -> (…, out) */
    Tensor forward(Tensor x) {
        Tensor rows = Tensors.in(dtype, x);
        Tensor own = scales == null
                ? Product.of(rows, Tensors.in(dtype, weight), added())
                : Int8Weight.product(rows, weight, scales, added());
        return Update.add(update, own, x, 0);
    }

    private @Nullable Tensor added() {
        return bias == null ? null : Tensors.in(dtype, bias);
    }

    /**
     * The layer by heads; views, nothing is copied.
     *
     * @param heads how many, a divisor of out
     * @throws IllegalStateException if it has no bias
     */
    RowAttention.Heads heads(long heads) {
        if (bias == null) {
            throw new IllegalStateException("Only a layer with a bias is taken apart by heads");
        }
        return new RowAttention.Heads(weight.unflatten(0, heads, out() / heads), bias.view(heads, out() / heads));
    }

    @Override
    public Tensor weight() {
        return weight;
    }

    @Override
    public boolean transposed() {
        return false;
    }

    @Override
    public void update(@Nullable Update added) {
        update = added;
    }

    @Override
    public @Nullable Update update() {
        return update;
    }
}
