package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.addcmul;
import static org.bytedeco.pytorch.global.torch.roll;

import dev.attune.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * Rotary positions (Su et al. 2021) in the layout of Hugging Face's files: component i turns with component i + D/2.
 */
final class Rotary {
    private final float[] frequencies;

    /** @param frequencies radians per position, D/2 of them */
    Rotary(float... frequencies) {
        this.frequencies = frequencies;
    }

    /**
     * Cosines and signed sines of a run of positions, so that a rotation is x cos + roll(x) sin.
     *
     * @param cos (B, T, 1, D), or (1, T, 1, D) where all members have the same positions
     * @param sin the same shape, negative in the first half
     */
    record Angles(Tensor cos, Tensor sin) {
        /** (B, T, H, D) -> (B, T, H, D) */
        Tensor rotate(Tensor x) {
            return addcmul(x.mul(cos), roll(x, new long[] {x.size(3) / 2}, 3), sin);
        }
    }

    /** Angles for positions (members, T). */
    Angles angles(int[][] positions, Tensor like) {
        int members = positions.length;
        int width = positions[0].length;
        int half = frequencies.length;
        float[] cos = new float[members * width * 2 * half];
        float[] sin = new float[cos.length];
        int at = 0;
        for (int[] member : positions) {
            for (int position : member) {
                for (int i = 0; i < half; i++) {
                    // In fp32, as the reference computes it: far positions would differ otherwise.
                    float angle = position * frequencies[i];
                    float c = (float) Math.cos(angle);
                    float s = (float) Math.sin(angle);
                    cos[at + i] = c;
                    cos[at + half + i] = c;
                    sin[at + i] = -s;
                    sin[at + half + i] = s;
                }
                at += 2 * half;
            }
        }
        long[] shape = {members, width, 1, 2L * half};
        return new Angles(
                Tensors.of(cos, shape).to(like.device(), like.scalar_type()),
                Tensors.of(sin, shape).to(like.device(), like.scalar_type()));
    }
}
