package dev.attune.peft;

import static org.bytedeco.pytorch.global.torch.dropout;
import static org.bytedeco.pytorch.global.torch.linear;

import dev.attune.model.Layer;
import dev.attune.model.Part;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
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

    /**
     * What is added to the layer's outputs from {@code from} on, computed in the inputs' dtype as under PyTorch's autocast: the graph holds
     * the inputs that are there anyway, and no copies in fp32. (…, in) -> (…, r) -> (…, width)
     */
    Tensor of(Tensor x, long from, long width, double rate) {
        ScalarType type = x.scalar_type();
        Tensor low = linear(rate > 0 ? dropout(x, rate, true) : x, Tensors.in(type, a)); // (…, in) -> (…, r)
        Tensor up = Tensors.in(type, b.narrow(0, from, width).mul(new Scalar(scale)));
        return linear(low, up); // (…, r) -> (…, width)
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
