package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.addmv;
import static org.bytedeco.pytorch.global.torch.mv;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * x Wᵀ + b. In fp32 on the processor one row, as each generated token is, goes as a vector: OpenBLAS would lay out the whole weight
 * anew for a matrix, and take up to three times as long.
 */
final class Product {
    /**
     * Up to so many rows in fp32 oneDNN takes a half to a tenth of OpenBLAS's time; from about sixteen on it lays out a weight that is kept
     * as (out, in) anew too.
     */
    private static final long FEW_ROWS = 8;

    private Product() {}

    /** The product with an activation; shapes as for {@link #of(Tensor, Tensor, Tensor)}. */
    static Tensor of(Tensor x, Tensor weight, @Nullable Tensor bias, Activation activation) {
        return OneDnn.takes(x, weight) && x.numel() > weight.size(1)
                ? OneDnn.product(x, weight, bias, activation.pointwise())
                : activation.apply(of(x, weight, bias));
    }

    /**
     * Multiplies.
     *
     * @param x (…, in)
     * @param weight (out, in), in any layout
     * @param bias (out), or null
     * @return (…, out)
     */
    static Tensor of(Tensor x, Tensor weight, @Nullable Tensor bias) {
        if (x.numel() == weight.size(1) && x.is_cpu() && x.scalar_type().intern() == ScalarType.Float) {
            Tensor row = x.reshape(-1); // (1, …, in) -> (in)
            Tensor product = bias == null ? mv(weight, row) : addmv(bias, weight, row); // (out)
            long[] shape = new long[(int) x.dim()];
            Arrays.fill(shape, 1);
            shape[shape.length - 1] = weight.size(0);
            return product.view(shape);
        }
        if (x.numel() <= FEW_ROWS * weight.size(1)
                && x.scalar_type().intern() == ScalarType.Float
                && OneDnn.takes(x, weight)) {
            return OneDnn.product(x, weight, bias, OneDnn.Pointwise.NONE);
        }
        return bias == null ? torch.linear(x, weight) : torch.linear(x, weight, bias);
    }
}
