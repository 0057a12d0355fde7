package dev.attune.model;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Blocks one after the other, with one block's tensors in memory at a time. */
public final class Blocks {
    private Blocks() {}

    /**
     * Runs blocks in the {@link PointerScope} of a pass. Each block's own tensors are let go when it is done; autograd holds
     * what it needs.
     *
     * @param hidden (B, T, C); it stays as it is
     * @param from the first block
     * @param to the block after the last; {@code from} for none
     * @return (B, R, C)
     */
    public static Tensor run(Backbone backbone, Tensor hidden, Attention attention, int from, int to) {
        return run((i, x) -> backbone.block(i, x, attention), hidden, from, to);
    }

    /** Runs all blocks of an encoder in the same way. (B, S, C) -> (B, S, C) */
    public static Tensor run(Encoder encoder, Tensor hidden, Attention attention) {
        return run((i, x) -> encoder.block(i, x, attention), hidden, 0, encoder.depth());
    }

    private interface Block {
        Tensor run(int i, Tensor x);
    }

    @SuppressWarnings("try") // the scope frees the block's tensors
    private static Tensor run(Block block, Tensor hidden, int from, int to) {
        var pass = PointerScope.getInnerScope();
        if (pass == null) {
            throw new IllegalStateException("A pass runs in a PointerScope");
        }
        Tensor x = hidden;
        for (int i = from; i < to; i++) {
            Tensor below = x;
            try (var scope = new PointerScope()) {
                x = block.run(i, below);
                pass.attach(x);
            }
            if (i > from) {
                below.close();
            }
        }
        return x;
    }
}
