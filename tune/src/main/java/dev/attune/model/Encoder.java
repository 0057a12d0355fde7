package dev.attune.model;

import org.bytedeco.pytorch.Tensor;

/**
 * The encoder in front of a backbone: a stack of blocks of its own, cut as {@link Backbone} is, in which every token sees
 * all tokens of its member. The backbone's own blocks, the decoder, attend to what it gives:
 *
 * <pre>{@code
 * Tensor x = encoder.embedWords(encoder.words(ids));                // (B, S) -> (B, S, C)
 * for (int i = 0; i < encoder.depth(); i++) {
 *     x = encoder.block(i, x, text);                                // (B, S, C)
 * }
 * Past memory = encoder.memory(encoder.norm(x), text);
 * var attention = Attention.of(lengths).attending(memory);          // of a pass through the backbone
 * }</pre>
 *
 * <p>The memory is made once for a batch and serves any number of passes. A soft prompt stands before the text's words, as
 * vectors: what its rows hold depends on the text, so it cannot be a {@link Past}.
 */
public interface Encoder extends BlockStack {
    /** The word vectors alone. (B, S) -> (B, S, C) */
    Tensor words(Tensor ids);

    /** From word vectors, or vectors that need not be any word's, to the first block. (B, S, C) -> (B, S, C) */
    Tensor embedWords(Tensor words);

    /** The norm after the last block. (B, S, C) -> (B, S, C) */
    Tensor norm(Tensor x);

    /**
     * The keys and values that each of the backbone's blocks reads of the text.
     *
     * @param states (B, S, C), behind {@link #norm}
     * @param attention of the pass that gave them
     */
    Past memory(Tensor states, Attention attention);

    /** The token that stands in the backbone's first row, before anything is said. */
    int start();
}
