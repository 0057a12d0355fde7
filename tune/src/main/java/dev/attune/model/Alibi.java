package dev.attune.model;

import dev.attune.torch.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Attention with linear biases (Press et al. 2022, "Train Short, Test Long"): the farther a key is from the query, the
 * lower its score, with a slope for each head. The distance to a query is the key's place up to a constant of that query,
 * so the slope times the place is all that is added.
 */
final class Alibi implements Bias {
    private final Tensor slopes; // (H, 1, 1)

    Alibi(int heads) {
        slopes = Tensors.of(slopes(heads), heads, 1, 1);
    }

    /**
     * The paper's slopes: for H a power of two the geometric sequence that starts at 2^(-8/H) with that same ratio; otherwise
     * that of the next lower power of two, and then every other one of the next higher power's.
     */
    static float[] slopes(int heads) {
        int power = Integer.highestOneBit(heads);
        float[] slopes = new float[heads];
        for (int h = 0; h < heads; h++) {
            double exponent = h < power ? -8.0 * (h + 1) / power : -4.0 * (2 * (h - power) + 1) / power;
            slopes[h] = (float) Math.pow(2, exponent);
        }
        return slopes;
    }

    /** (members, R) and (members, P + T) -> (members, H, 1, P + T) */
    @Override
    public Tensor of(int[][] queries, int[][] keys) {
        Tensor places = Tensors.of(keys).to(ScalarType.Float); // (members, P + T)
        return places.view(keys.length, 1, 1, keys[0].length).mul(slopes);
    }
}
