package dev.attune.peft;

import dev.attune.model.Attention;
import dev.attune.model.Blocks;
import dev.attune.model.Encoder;
import dev.attune.torch.Tensors;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Texts as they enter an encoder, behind the vectors of virtual tokens.
 *
 * @param hidden (B, P + S, C), what enters the first block
 * @param attention of the pass through the encoder
 */
public record EncoderBatch(Encoder encoder, Tensor hidden, Attention attention) {
    /**
     * Puts vectors before the texts' words.
     *
     * @param virtual what stands before every text, or null
     */
    public static EncoderBatch of(Encoder encoder, @Nullable VirtualTokens virtual, List<int[]> texts) {
        Tensor words = encoder.words(Tensors.padded(texts)); // (B, S) -> (B, S, C)
        Tensor vectors = virtual == null ? null : virtual.embeddings();
        int before = 0;
        if (vectors != null) {
            before = Math.toIntExact(vectors.size(0) / 2); // the other half is the decoder's, and not used
            Tensor prompt = vectors.narrow(0, 0, before)
                    .to(words.device(), words.scalar_type())
                    .expand(words.size(0), before, words.size(2)); // (2 P, C) -> (B, P, C)
            words = torch.cat(new TensorVector(prompt, words), 1); // (B, P + S, C)
        }
        int count = before;
        var attention =
                Attention.of(texts.stream().mapToInt(ids -> count + ids.length).toArray());
        return new EncoderBatch(encoder, encoder.embedWords(words), attention);
    }

    /** All blocks. (B, P + S, C) */
    public Tensor run() {
        return Blocks.run(encoder, hidden, attention);
    }

    /**
     * What the decoder is given.
     *
     * @param top what the last block gave (B, P + S, C)
     */
    public TextContext context(Tensor top) {
        var memory = encoder.memory(encoder.norm(top), attention);
        return new TextContext(Collections.nCopies(attention.batch(), new int[] {encoder.start()}), memory);
    }
}
