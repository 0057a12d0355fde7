package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.promote_types;

import dev.attune.torch.Tensors;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/**
 * Root mean square normalisation over the last dimension (Zhang and Sennrich 2019), rounded to the weights' type before the
 * scale, as the families' references compute it.
 *
 * <p>It is done as layer normalisation of x beside -x: their mean is 0 and their variance the mean square of x. That is one
 * kernel forward and one backward, which together take half the time of the definition's powers, means and roots.
 */
final class RmsNorm extends Module {
    private final Tensor weight;
    private final long width;
    private final double epsilon;

    RmsNorm(Weights at, long width, double epsilon) {
        weight = Parameters.register(this, "weight", at.take("weight", width));
        this.width = width;
        this.epsilon = epsilon;
    }

    /** (…, C) -> (…, C) */
    Tensor forward(Tensor x) {
        Tensor wide = Tensors.in(promote_types(x.scalar_type(), weight.scalar_type()), x);
        Tensor mirrored = cat(new TensorVector(wide, wide.neg()), -1); // (…, C) -> (…, 2 C)
        Tensor normal = layer_norm(
                mirrored, new long[] {2 * width}, new TensorOptional(), new TensorOptional(), epsilon, false);
        return Tensors.in(weight.scalar_type(), normal.narrow(-1, 0, width)).mul(weight); // (…, 2 C) -> (…, C)
    }
}
