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
    private Product() {}

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
        return bias == null ? torch.linear(x, weight) : torch.linear(x, weight, bias);
    }
}
