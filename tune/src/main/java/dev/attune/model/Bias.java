package dev.attune.model;

import org.bytedeco.pytorch.Tensor;

/**
 * What a family adds to the attention scores according to where a query and a key stand, instead of telling positions to
 * the embeddings. A place is the number of tokens before it: padding takes none, whatever the
 * {@linkplain Attention#skipping positions} say. Terms that are the same for all keys of a query may be left out: the
 * softmax does not see them.
 */
interface Bias {
    /**
     * The bias for queries and keys at these places.
     *
     * @param queries places of the rows read: (members, R), or (1, R) where all members have the same
     * @param keys places of the past's slots and then of the pass's tokens: (members, P + T) or (1, P + T); -1 in empty
     *     slots, which nobody sees
     * @return float32 (members or 1, H, R or 1, P + T)
     */
    Tensor of(int[][] queries, int[][] keys);
}
