package dev.attune.peft;

import static org.bytedeco.pytorch.global.torch.dropout;
import static org.bytedeco.pytorch.global.torch.linear;

import dev.attune.model.Layer;
import dev.attune.model.Part;
import dev.attune.torch.Dtype;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The update of one layer: scale B A.
 *
 * @param part that the layer belongs to
 * @param original the layer's weight without the update, sharing its memory
 * @param a (r, in)
 * @param b (out, r)
 */
record LowRank(Part part, Layer layer, Tensor original, Tensor a, Tensor b, double scale) {

    /** What is added to the layer's outputs from {@code from} on, in fp32. (…, in) -> (…, r) -> (…, width) */
    Tensor of(Tensor x, long from, long width, double rate) {
        Tensor input = x.to(ScalarType.Float);
        Tensor low = linear(rate > 0 ? dropout(input, rate, true) : input, a); // (…, in) -> (…, r)
        return linear(low, b.narrow(0, from, width)).mul(new Scalar(scale)); // (…, r) -> (…, width)
    }

    /** Puts the sum of weight and update into the layer's weight, rounded to its dtype, and switches the update off. */
    void merge() {
        if (Dtype.of(original) == Dtype.I8) {
            throw new IllegalStateException("An update is merged before a weight is quantized");
        }
        Tensor change = b.detach().matmul(a.detach()).mul(new Scalar(scale)); // (out, in)
        Tensor sum = original.add(layer.transposed() ? change.t() : change);
        layer.weight().set_data(sum.to(original.scalar_type()));
        layer.update(null);
    }

    void unmerge() {
        layer.weight().set_data(original);
    }
}
