package dev.attune.peft;

import dev.attune.model.Attention;
import dev.attune.model.Backbone;
import dev.attune.model.Past;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How texts come before what is said of them: labels' words, or tokens that are generated. In a causal model they are tokens before
 * it; in an encoder-decoder they are in the memory that the decoder attends to, and what is said follows its start token.
 *
 * @param opening what the backbone is given of each text before what is said
 * @param memory what the encoder gave, or null for a model without one
 */
public record TextContext(List<int[]> opening, @Nullable Past memory) {
    /**
     * Texts before a model; where it has an encoder, they go through it.
     *
     * @param virtual what stands before every text, or null
     */
    public static TextContext of(Backbone backbone, @Nullable VirtualTokens virtual, List<int[]> texts) {
        return backbone.encoder()
                .map(encoder -> {
                    var batch = EncoderBatch.of(encoder, virtual, texts);
                    return batch.context(batch.run());
                })
                .orElseGet(() -> new TextContext(texts, null));
    }

    /** The pass that attends to the memory, where there is one. */
    public Attention attending(Attention pass) {
        return memory == null ? pass : pass.attending(memory);
    }
}
