package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.linear;

import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** x Wᵀ + b with the weight as torch keeps it: (out, in). */
final class Linear extends Module implements Layer {
    private final Tensor weight;
    private final @Nullable Tensor bias;
    private @Nullable Update update;

    Linear(Weights at, Tensor weight, @Nullable Tensor bias) {
        this.weight = Parameters.register(this, "weight", weight);
        this.bias = bias == null ? null : Parameters.register(this, "bias", bias);
        at.made(this);
    }

    Linear(Weights at, long out, long in, boolean biased) {
        this(at, at.take("weight", out, in), biased ? at.take("bias", out) : null);
    }

    /** (…, in) -> (…, out) */
    Tensor forward(Tensor x) {
        Tensor input = x.to(weight.scalar_type());
        return Update.add(update, bias == null ? linear(input, weight) : linear(input, weight, bias), x, 0);
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
