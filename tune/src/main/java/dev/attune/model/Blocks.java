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
    @SuppressWarnings("try") // the scope frees the block's tensors
    public static Tensor run(BlockStack stack, Tensor hidden, Attention attention, int from, int to) {
        var pass = PointerScope.getInnerScope();
        if (pass == null) {
            throw new IllegalStateException("A pass runs in a PointerScope");
        }
        Tensor x = hidden;
        for (int i = from; i < to; i++) {
            Tensor below = x;
            try (var scope = new PointerScope()) {
                x = stack.block(i, below, attention);
                pass.attach(x);
            }
            if (i > from) {
                below.close();
            }
        }
        return x;
    }

    /** Runs all blocks in the same way. */
    public static Tensor run(BlockStack stack, Tensor hidden, Attention attention) {
        return run(stack, hidden, attention, 0, stack.depth());
    }

    /** Runs all blocks, the last with an attention of its own: one that reads some rows only. */
    public static Tensor run(BlockStack stack, Tensor hidden, Attention attention, Attention last) {
        int top = stack.depth() - 1;
        return run(stack, run(stack, hidden, attention, 0, top), last, top, stack.depth());
    }
}
