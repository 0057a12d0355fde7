package dev.attune.classifier;

import dev.attune.model.Attention;
import dev.attune.model.Backbone;
import dev.attune.model.Blocks;
import dev.attune.model.Encoder;
import dev.attune.model.Past;
import dev.attune.peft.VirtualTokens;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * How texts come before the labels' words. In a causal model they are tokens before them; in an encoder-decoder they are in the
 * memory that the decoder attends to, and the words follow its start token.
 *
 * @param opening what the backbone is given of each text before the label
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
                .map(encoder -> encoded(encoder, virtual == null ? null : virtual.embeddings(), texts))
                .orElseGet(() -> new TextContext(texts, null));
    }

    private static TextContext encoded(Encoder encoder, @Nullable Tensor vectors, List<int[]> texts) {
        Tensor words = encoder.words(SequenceClassifier.ids(texts)); // (B, S) -> (B, S, C)
        int before = 0;
        if (vectors != null) {
            before = Math.toIntExact(vectors.size(0) / 2); // the other half is the decoder's, and not used
            Tensor prompt = vectors.narrow(0, 0, before)
                    .to(words.device(), words.scalar_type())
                    .expand(words.size(0), before, words.size(2)); // (2 P, C) -> (B, P, C)
            words = torch.cat(new TensorVector(prompt, words), 1); // (B, P + S, C)
        }
        int virtual = before;
        var attention = Attention.of(
                texts.stream().mapToInt(ids -> virtual + ids.length).toArray());
        Tensor states = encoder.norm(Blocks.run(encoder, encoder.embedWords(words), attention)); // (B, P + S, C)
        var opening = texts.stream().map(ids -> new int[] {encoder.start()}).toList();
        return new TextContext(opening, encoder.memory(states, attention));
    }

    /** The pass that attends to the memory, where there is one. */
    public Attention attending(Attention pass) {
        return memory == null ? pass : pass.attending(memory);
    }
}
