package dev.attune.peft;

import dev.attune.files.InputException;
import dev.attune.model.Attention;
import dev.attune.model.Backbone;
import dev.attune.model.Past;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Tensors;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Prompt tuning (Lester et al. 2021, "The Power of Scale for Parameter-Efficient Prompt Tuning"): the vectors take the place
 * of word vectors.
 *
 * @param embeddings (P, C), fp32 whatever the model's dtype
 */
public record SoftPrompt(Tensor embeddings) implements VirtualTokens {
    /** Peft's name for the vectors of any virtual tokens. */
    static final String NAME = "prompt_embeddings";

    /**
     * Begins with the word vectors of a text, repeated or cut to so many.
     *
     * @param count P, or null for as many as the text has
     * @throws InputException where the text has no tokens
     */
    public static SoftPrompt ofText(Backbone backbone, Tokenizer tokenizer, String text, @Nullable Integer count) {
        int[] ids = tokenizer.encode(text, Integer.MAX_VALUE);
        if (ids.length == 0) {
            throw new InputException("The text \"" + text + "\" that a prompt is to begin with has no tokens.");
        }
        int[] repeated = IntStream.range(0, count == null ? ids.length : count)
                .map(i -> ids[i % ids.length])
                .toArray();
        return ofWords(backbone, repeated);
    }

    /** Begins with the vectors of words drawn from the whole vocabulary. */
    public static SoftPrompt ofVocabulary(Backbone backbone, int count, long seed) {
        int words = backbone.config().vocabSize();
        return ofWords(backbone, new Random(seed).ints(count, 0, words).toArray());
    }

    /** Begins with standard normal numbers, which lie far from any word. */
    public static SoftPrompt random(Backbone backbone, int count, long seed) {
        return new SoftPrompt(
                new NewParameters(seed).normal(count, backbone.config().hiddenSize()));
    }

    @SuppressWarnings("try") // the scope frees what is only looked at
    private static SoftPrompt ofWords(Backbone backbone, int... ids) {
        float[] vectors;
        try (var scope = new PointerScope()) {
            vectors = Tensors.toFloats(backbone.words(Tensors.of(new int[][] {ids})));
        }
        return new SoftPrompt(
                NewParameters.of(vectors, ids.length, backbone.config().hiddenSize()));
    }

    @Override
    public int count() {
        return Math.toIntExact(embeddings.size(0));
    }

    @Override
    public Map<String, Tensor> parameters() {
        return Map.of(NAME, embeddings);
    }

    @Override
    public Past past(Backbone backbone) {
        return past(backbone, embeddings);
    }

    /** Runs vectors (P, C) through all blocks. */
    static Past past(Backbone backbone, Tensor vectors) {
        int count = Math.toIntExact(vectors.size(0));
        var attention = Attention.of(count).keeping();
        Tensor x = backbone.embedWords(vectors.unsqueeze(0), attention.positions()); // (P, C) -> (1, P, C)
        int last = backbone.depth() - 1;
        for (int i = 0; i < last; i++) {
            x = backbone.block(i, x, attention); // (1, P, C)
        }
        backbone.block(last, x, attention.reading(count - 1)); // nothing above it asks for more than keys and values
        return attention.past();
    }

    @Override
    public Map<String, Tensor> saved() {
        return parameters();
    }
}
