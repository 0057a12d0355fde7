package dev.attune.model;

import dev.attune.torch.Tensors;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** GPT-2's linear layer, x W + b, whose weight is (in, out): the transpose of {@link Linear}'s. */
final class Conv1D extends Module implements Layer {
    private final Tensor weight;
    private final Tensor bias;
    private final @Nullable Tensor scales;
    private final ScalarType dtype;
    private @Nullable Update update;

    Conv1D(Weights at, long in, long out) {
        weight = Parameters.register(this, "weight", at.multiplier(1, in, out));
        bias = Parameters.register(this, "bias", at.take("bias", out));
        scales = at.scales();
        dtype = at.multiplied(weight);
        at.made(this);
    }

    /** The layer and an activation, in one product where that can be. (B, T, in) -> (B, T, out) */
    Tensor forward(Tensor x, Activation activation) {
        return update == null && scales == null
                ? unflattened(
                        Product.of(rows(x), Tensors.in(dtype, weight).t(), Tensors.in(dtype, bias), activation), x)
                : activation.apply(forward(x));
    }

    /** (B, T, in) -> (B, T, out) */
    Tensor forward(Tensor x) {
        return Update.add(update, apply(x, weight, scales, bias), x, 0);
    }

    /** The outputs from {@code from} on, as a layer of their own; a view, nothing is copied. (B, T, in) -> (B, T, width) */
    Tensor forward(Tensor x, long from, long width) {
        Tensor some = scales == null ? null : scales.narrow(0, from, width);
        Tensor own = apply(x, weight.narrow(1, from, width), some, bias.narrow(0, from, width));
        return Update.add(update, own, x, from);
    }

    /**
     * The outputs from {@code from} to {@code from + in}, by heads; views, nothing is copied.
     *
     * @param heads how many, a divisor of in
     */
    RowAttention.Heads heads(long from, long heads) {
        long width = in();
        Tensor columns = weight.narrow(1, from, width).unflatten(1, heads, width / heads); // (in, H, D)
        return new RowAttention.Heads(
                columns.permute(1, 2, 0), bias.narrow(0, from, width).view(heads, width / heads));
    }

    private Tensor apply(Tensor x, Tensor weight, @Nullable Tensor scales, Tensor bias) {
        Tensor added = Tensors.in(dtype, bias);
        Tensor product = scales == null
                ? Product.of(rows(x), Tensors.in(dtype, weight).t(), added)
                : Int8Weight.product(rows(x), weight.t(), scales, added);
        return unflattened(product, x);
    }

    /** (B, T, in) -> (B T, in) */
    private Tensor rows(Tensor x) {
        return Tensors.in(dtype, x).reshape(-1, x.size(2));
    }

    /** (B T, out) -> (B, T, out) */
    private static Tensor unflattened(Tensor product, Tensor x) {
        return product.view(x.size(0), x.size(1), product.size(1));
    }

    @Override
    public Tensor weight() {
        return weight;
    }

    @Override
    public boolean transposed() {
        return true;
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
