package dev.attune.model;

/**
 * A part of a model that is trained or frozen as one.
 *
 * @param block which block, from 0 at the bottom, where the kind is {@link Kind#BLOCK}; 0 otherwise
 */
public record Part(Kind kind, int block) {
    /** From the input to the output. */
    public enum Kind {
        EMBEDDINGS,
        BLOCK,
        /** The norm after the last block, of pre-norm families. */
        NORM,
        POOLER,
        /** The linear classification head. */
        HEAD,
        /** The causal families' output projection, where it is not the embeddings' own matrix. */
        LM_HEAD
    }

    /** The block with this index. */
    public static Part block(int index) {
        return new Part(Kind.BLOCK, index);
    }

    /** A part that there is one of. */
    public static Part of(Kind kind) {
        if (kind == Kind.BLOCK) {
            throw new IllegalArgumentException("A block needs its index: Part.block(index)");
        }
        return new Part(kind, 0);
    }

    @Override
    public String toString() {
        return kind == Kind.BLOCK ? "block " + block : kind.name().toLowerCase(java.util.Locale.ROOT);
    }
}
