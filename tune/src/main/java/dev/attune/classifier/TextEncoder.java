package dev.attune.classifier;

import dev.attune.tokenizer.SpecialToken;
import dev.attune.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;

/**
 * Texts to token ids as one classifier reads them.
 *
 * @param maxLength tokens at the most, special ones included; longer texts are cut
 */
public record TextEncoder(Tokenizer tokenizer, Reading reading, int maxLength) implements AutoCloseable {
    /** Ids of each text, in order; at least one token each. With {@link Reading#LAST_PADDED}, all {@code maxLength} long. */
    public List<int[]> encode(List<String> texts) {
        return tokenizer.encodeAll(texts, maxLength).stream().map(this::padded).toList();
    }

    private int[] padded(int[] ids) {
        int length = reading == Reading.LAST_PADDED ? maxLength : Math.max(1, ids.length);
        if (ids.length == length) {
            return ids;
        }
        int[] padded = Arrays.copyOf(ids, length);
        Arrays.fill(padded, ids.length, length, padId(tokenizer));
        return padded;
    }

    /** The id that fills up texts: the padding token or, where a model has none (GPT-2), its end-of-text token. */
    static int padId(Tokenizer tokenizer) {
        return tokenizer.pad().or(tokenizer::eos).map(SpecialToken::id).orElse(0);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
