package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.layer_norm;

import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** Layer normalisation over the last dimension (Ba et al. 2016). */
final class LayerNorm extends Module {
    private final Tensor weight;
    private final TensorOptional scale;
    private final TensorOptional shift;
    private final double epsilon;

    LayerNorm(Weights at, long width, double epsilon) {
        weight = Parameters.register(this, "weight", at.take("weight", width));
        scale = new TensorOptional(weight);
        shift = new TensorOptional(Parameters.register(this, "bias", at.take("bias", width)));
        this.epsilon = epsilon;
    }

    /** (…, C) -> (…, C) */
    Tensor forward(Tensor x) {
        return layer_norm(x.to(weight.scalar_type()), weight.shape(), scale, shift, epsilon, false);
    }
}
