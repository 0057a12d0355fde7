package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.addmv;
import static org.bytedeco.pytorch.global.torch.mv;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
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

    /**
     * From so many rows on an activation goes with its product, of rows that are rounded up: oneDNN keeps what it compiles for each number of
     * them, which takes a hundred megabytes where lengths differ from batch to batch.
     */
    private static final long MANY_ROWS = 512;

    private static final long ROUNDED_TO = 128;

    private Product() {}

    /** The product with an activation; shapes as for {@link #of(Tensor, Tensor, Tensor)}. */
    static Tensor of(Tensor x, Tensor weight, @Nullable Tensor bias, Activation activation) {
        long rows = x.numel() / weight.size(1);
        boolean few = rows > 1 && rows <= FEW_ROWS;
        if (!OneDnn.takes(x, weight) || !(few || rows >= MANY_ROWS)) {
            return activation.apply(of(x, weight, bias));
        }
        if (few) {
            return OneDnn.product(x, weight, bias, activation.pointwise());
        }
        Tensor flat = x.reshape(-1, x.size(-1)); // (…, in) -> (N, in)
        Tensor padded =
                torch.constant_pad_nd(flat, new long[] {0, 0, 0, Math.floorMod(-rows, ROUNDED_TO)}, new Scalar(0));
        long[] shape = x.sizes().vec().get();
        shape[shape.length - 1] = weight.size(0);
        return OneDnn.product(padded, weight, bias, activation.pointwise())
                .narrow(0, 0, rows)
                .view(shape); // (N, out) -> (…, out)
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
