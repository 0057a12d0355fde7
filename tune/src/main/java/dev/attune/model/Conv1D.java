package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.addmm;

import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** GPT-2's linear layer, x W + b, whose weight is (in, out): the transpose of {@link Linear}'s. */
final class Conv1D extends Module {
    private final Tensor weight;
    private final Tensor bias;

    Conv1D(Weights at, long in, long out) {
        weight = Parameters.register(this, "weight", at.take("weight", in, out));
        bias = Parameters.register(this, "bias", at.take("bias", out));
    }

    /** (B, T, in) -> (B, T, out) */
    Tensor forward(Tensor x) {
        return apply(x, weight, bias);
    }

    /** The outputs from {@code from} on, as a layer of their own; a view, nothing is copied. (B, T, in) -> (B, T, width) */
    Tensor forward(Tensor x, long from, long width) {
        return apply(x, weight.narrow(1, from, width), bias.narrow(0, from, width));
    }

    private static Tensor apply(Tensor x, Tensor weight, Tensor bias) {
        Tensor rows = x.reshape(-1, x.size(2)); // (B, T, in) -> (B T, in)
        return addmm(bias, rows, weight).view(x.size(0), x.size(1), weight.size(1)); // (B T, out) -> (B, T, out)
    }
}
