package dev.attune.model;

import java.util.Optional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * What a family's file tells: its base model, without the head. Shapes as in {@link Backbone}, which is a family with a
 * head on top.
 */
interface Family {
    /** The base model's parameters, under the names below {@link Kind#base}. */
    Module module();

    /** From the word vectors to the first block. (B, T, C) -> (B, T, C) */
    Tensor embed(Tensor words, Tensor positions);

    Tensor block(int i, Tensor x, Attention attention);

    Tensor norm(Tensor x);

    Tensor pool(Tensor row);

    /** The word embeddings, which may serve as the output projection. */
    Embedding words();

    default Optional<Encoder> encoder() {
        return Optional.empty();
    }

    /**
     * Where a family's parts stand in Hugging Face's files, and what its classes put on top.
     *
     * @param base the base model's name in the classes with a head; empty if its parts stand beside the head
     * @param blocks the list of blocks below it
     * @param norm the norm after the last block below it; empty if there is none
     * @param head the classification head, beside the base model; empty if there is none
     * @param headBias whether that has a bias
     * @param causal whether a token sees only those before it
     * @param tied whether the output projection is the word embeddings where config.json does not say
     * @param builder takes the base model's weights
     */
    record Kind(
            String base,
            String blocks,
            String norm,
            String head,
            boolean headBias,
            boolean causal,
            boolean tied,
            Builder builder) {
        private static final String ENCODER_BLOCKS = "encoder.block.";
        private static final String ENCODER_NORM = "encoder.final_layer_norm.";

        /** Whether the output projection is the word embeddings. */
        boolean tied(ModelConfig config) {
            return config.field("tie_word_embeddings").asBoolean(tied);
        }

        /** The part that the parameter of this name belongs to. */
        Part part(String parameter) {
            String below = base.isEmpty() ? "" : base + ".";
            if (parameter.startsWith(below + blocks + ".")) {
                return Part.block(index(parameter, below + blocks + "."));
            } else if (parameter.startsWith(ENCODER_BLOCKS)) {
                return Part.encoderBlock(index(parameter, ENCODER_BLOCKS));
            } else if (parameter.startsWith(ENCODER_NORM)) {
                return Part.of(Part.Kind.ENCODER_NORM);
            } else if (!head.isEmpty() && parameter.startsWith(head + ".")) {
                return Part.of(Part.Kind.HEAD);
            } else if (parameter.startsWith("lm_head.")) {
                return Part.of(Part.Kind.LM_HEAD);
            } else if (parameter.startsWith(below + "pooler.")) {
                return Part.of(Part.Kind.POOLER);
            } else if (!norm.isEmpty() && parameter.startsWith(below + norm + ".")) {
                return Part.of(Part.Kind.NORM);
            }
            return Part.of(Part.Kind.EMBEDDINGS);
        }

        private static int index(String parameter, String blocks) {
            return Integer.parseInt(parameter.substring(blocks.length(), parameter.indexOf('.', blocks.length())));
        }
    }

    /** Makes a base model out of its weights. */
    interface Builder {
        Family build(ModelConfig config, Weights at, Dropouts dropouts);
    }
}
