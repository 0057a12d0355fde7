package dev.attune.model;

import dev.attune.torch.Device;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
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
    /** Outputs that are quantized at once: large temporary arrays between lasting ones would leave malloc with holes. */
    private static final long SLICE = 64;

    /**
     * Quantizes a weight. Scales are rounded to their dtype first, so that no weight is off by more than half of one.
     *
     * @param outputs the weight's dimension of outputs: 0, or 1
     * @param dtype of the products
     * @param device where they are computed
     */
    @SuppressWarnings("try") // the scope frees what a slice makes on the way
    static Int8Weight of(Tensor weight, int outputs, ScalarType dtype, Device device) {
        long out = weight.size(outputs);
        Tensor values = empty(ScalarType.Char, device, weight.shape());
        Tensor scales = empty(dtype, device, out);
        for (long from = 0; from < out; from += SLICE) {
            long width = Math.min(SLICE, out - from);
            try (var scope = new PointerScope()) {
                Tensor slice = weight.narrow(outputs, from, width).to(device.toTorch(), ScalarType.Float);
                Tensor largest = slice.abs().amax(new long[] {1 - outputs}, true); // (width, 1), or (1, width)
                // Not 0 where the weights of an output all are.
                Tensor scale = largest.div(new Scalar(LARGEST))
                        .clamp_min(new Scalar(Float.MIN_NORMAL))
                        .to(dtype);
                scales.narrow(0, from, width).copy_(scale.view(-1));
                values.narrow(outputs, from, width)
                        .copy_(slice.div(scale.to(ScalarType.Float)).round_());
            }
        }
        return new Int8Weight(values, scales);
    }

    private static Tensor empty(ScalarType type, Device device, long... shape) {
        try (var plain = new TensorOptions(type);
                var at = new DeviceOptional(device.toTorch());
                var options = plain.device(at)) {
            return torch.empty(shape, options, null);
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
        try (Tensor weight = values.to(scales.scalar_type())) {
            Tensor product = Product.of(x, weight, null).mul_(scales);
            return bias == null ? product : product.add_(bias);
        }
    }
}
