package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.addcmul;

import dev.attune.torch.Device;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A layer's weight in 8 bits, symmetric for each output: the row of the largest absolute value m is kept as round(w / s) with
 * s = m / 127 (absmax quantization, Dettmers et al. 2022, "LLM.int8(): 8-bit Matrix Multiplication for Transformers at Scale", section
 * 2.1). Only weights are quantized; products are computed in the dtype of what they multiply.
 *
 * @param values int8, (out, in) or (in, out) as the layer has its weight
 * @param scales in the dtype of the products, (out); what a value of 1 stands for
 */
record Int8Weight(Tensor values, Tensor scales) {
    private static final float LARGEST = 127;

    /**
     * Quantizes a weight. Scales are rounded to their dtype first, so that no weight is off by more than half of one.
     *
     * @param outputs the weight's dimension of outputs: 0, or 1
     * @param dtype of the products
     * @param device where they are computed
     */
    @SuppressWarnings("try") // the scope frees what is made on the way
    static Int8Weight of(Tensor weight, int outputs, ScalarType dtype, Device device) {
        var made = new PassScope();
        try (var scope = new PointerScope()) {
            Tensor full = weight.to(device.toTorch(), ScalarType.Float);
            Tensor largest = full.abs().amax(new long[] {1 - outputs}, true); // (out, 1), or (1, out)
            // Not 0 where the weights of an output all are.
            Tensor scales = largest.div(new Scalar(LARGEST))
                    .clamp_min(new Scalar(Float.MIN_NORMAL))
                    .to(dtype);
            Tensor values = full.div(scales.to(ScalarType.Float)).round().to(ScalarType.Char);
            return new Int8Weight(made.keep(values), made.keep(scales.view(-1)));
        }
    }

    /**
     * x (s W)ᵀ + b. The values become the products' dtype for this product alone.
     *
     * @param x (…, in), in the scales' dtype
     * @param values (out, in), in any layout
     * @param scales (out)
     * @param bias (out) in the scales' dtype, or null
     * @return (…, out)
     */
    static Tensor product(Tensor x, Tensor values, Tensor scales, @Nullable Tensor bias) {
        try (Tensor weight = values.to(scales.scalar_type());
                Tensor product = Product.of(x, weight, null)) {
            return bias == null ? product.mul(scales) : addcmul(bias, product, scales);
        }
    }
}
