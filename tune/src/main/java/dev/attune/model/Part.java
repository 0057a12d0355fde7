package dev.attune.model;

import java.util.Locale;

/**
 * A part of a model that is trained or frozen as one.
 *
 * @param block which block, from 0 at the bottom, where the kind is one of blocks; 0 otherwise
 */
public record Part(Kind kind, int block) {
    /** From the input to the output. */
    public enum Kind {
        EMBEDDINGS,
        ENCODER_BLOCK,
        /** The norm after an encoder's last block. */
        ENCODER_NORM,
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

    /** The block of an {@link Encoder} with this index. */
    public static Part encoderBlock(int index) {
        return new Part(Kind.ENCODER_BLOCK, index);
    }

    /** A part that there is one of. */
    public static Part of(Kind kind) {
        if (kind == Kind.BLOCK || kind == Kind.ENCODER_BLOCK) {
            throw new IllegalArgumentException("A block needs its index: Part.block(index)");
        }
        return new Part(kind, 0);
    }

    @Override
    public String toString() {
        String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return kind == Kind.BLOCK || kind == Kind.ENCODER_BLOCK ? name + " " + block : name;
    }
}
