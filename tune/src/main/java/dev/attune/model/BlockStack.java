package dev.attune.model;

import org.bytedeco.pytorch.Tensor;

/** Blocks one above the other: those of a {@link Backbone}, or of an {@link Encoder} in front of one. */
public interface BlockStack {
    /** How many blocks there are. */
    int depth();

    /**
     * One block.
     *
     * @param x (B, T, C)
     * @return (B, R, C); rows behind a member's length hold finite numbers without meaning
     */
    Tensor block(int i, Tensor x, Attention attention);
}
