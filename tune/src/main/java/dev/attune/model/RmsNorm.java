package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.rms_norm;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** Root mean square normalisation over the last dimension (Zhang and Sennrich 2019). */
final class RmsNorm extends Module {
    private final Tensor weight;
    private final TensorOptional scale;
    private final DoubleOptional epsilon;

    RmsNorm(Weights at, long width, double epsilon) {
        weight = Parameters.register(this, "weight", at.take("weight", width));
        scale = new TensorOptional(weight);
        this.epsilon = new DoubleOptional(epsilon);
    }

    /** (…, C) -> (…, C) */
    Tensor forward(Tensor x) {
        return rms_norm(x.to(weight.scalar_type()), weight.shape(), scale, epsilon);
    }
}
