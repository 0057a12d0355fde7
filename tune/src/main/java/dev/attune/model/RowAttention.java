package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.bmm;
import static org.bytedeco.pytorch.global.torch.dropout;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Attention for the one row that is read of each member, without making keys and values: products associate, so the query
 * goes through the keys' weight to the inputs, q (W x) = (q W) x, and the inputs are weighed before they go through the
 * values' weight. For T rows of width C that costs C² + H T C a member instead of T C².
 *
 * <p>Shapes: B members, T tokens, H heads, D components of a head, C = H D.
 */
final class RowAttention {
    /**
     * A linear layer's parameters, taken apart by heads.
     *
     * @param weight (H, D, C)
     * @param bias (H, D)
     */
    record Heads(Tensor weight, Tensor bias) {}

    private RowAttention() {}

    /**
     * The values, weighed by how queries and keys agree.
     *
     * @param q (B, H, 1, D)
     * @param inputs what keys and values would be made of, (B, T, C)
     * @param mask (B or 1, 1, 1, T), added to the scores
     * @param rate dropout on the weights
     * @return (B, H, 1, D)
     */
    static Tensor attend(Tensor q, Tensor inputs, Heads keys, Heads values, TensorOptional mask, double rate) {
        ScalarType dtype = keys.weight().scalar_type(); // a trunk below, or autocast, gives bf16
        Tensor x = inputs.to(dtype);
        double scale = 1 / Math.sqrt((double) q.size(3));
        Tensor scaled = q.to(dtype).squeeze(2).mul(new Scalar(scale)); // (B, H, D)
        Tensor asked = bmm(scaled.transpose(0, 1), keys.weight()).transpose(0, 1); // (H, B, C) -> (B, H, C)
        Tensor scores = bmm(asked, x.transpose(1, 2)); // (B, H, T)
        scores = scores.add(scaled.mul(keys.bias()).sum(-1).unsqueeze(2)); // (B, H) -> (B, H, 1)
        if (mask.has_value()) {
            scores = scores.add(mask.get().squeeze(1)); // (B or 1, 1, 1, T) -> (B or 1, 1, T)
        }
        Tensor weights = scores.softmax(2).to(x.scalar_type()); // (B, H, T); the mask of a pass in bf16 is fp32
        if (rate > 0) {
            weights = dropout(weights, rate, true);
        }
        Tensor weighed = bmm(weights, x); // (B, H, C)
        Tensor y = bmm(weighed.transpose(0, 1), values.weight().transpose(1, 2)); // (H, B, C) -> (H, B, D)
        Tensor sums = weights.sum(new long[] {2}, true, new ScalarTypeOptional()); // (B, H, 1), not 1 under dropout
        return y.transpose(0, 1).add(sums.mul(values.bias())).unsqueeze(2); // (B, H, D) -> (B, H, 1, D)
    }
}
