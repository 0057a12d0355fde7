package dev.attune.generation;

import dev.attune.files.InputException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How text is generated. Names and meaning are those of transformers' GenerationConfig; what differs is that
 * {@code temperature} alone says whether to sample, and that of the model's generation_config.json only the end tokens are
 * taken.
 *
 * @param temperature 0 takes the likeliest token (greedy search); above 0 tokens are drawn, with the scores divided by it
 * @param topK draws among so many of the likeliest tokens; 0 among all
 * @param topP draws among the fewest likeliest tokens whose probabilities sum to this (Holtzman et al. 2019); 1 among all
 * @param repetitionPenalty above 1 makes tokens that stand in the prompt, where no encoder reads it, or the text less likely (Keskar et al. 2019)
 * @param seed of what is drawn
 * @param maxNewTokens most tokens to add to a prompt; null for {@link #USUAL_NEW_TOKENS} or what {@code maxLength} allows
 * @param maxLength most tokens of prompt and text together, virtual ones not counted; where an encoder reads the prompt, of the text with
 *     its start token; null for no such limit
 * @param stop strings that end a text; it ends before them
 * @param cache whether keys and values are kept from token to token: the same text for less work
 */
public record GenerationOptions(
        double temperature,
        int topK,
        double topP,
        double repetitionPenalty,
        long seed,
        @Nullable Integer maxNewTokens,
        @Nullable Integer maxLength,
        List<String> stop,
        boolean cache) {
    /** How many tokens are added where no limit is given. */
    public static final int USUAL_NEW_TOKENS = 128;

    public GenerationOptions {
        stop = List.copyOf(stop);
        require(temperature >= 0 && Double.isFinite(temperature), "temperature", temperature, "0 (greedy) or above");
        require(topK >= 0, "top-k", topK, "0 (all tokens) or above");
        require(topP > 0 && topP <= 1, "top-p", topP, "above 0 and at most 1");
        require(
                repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
                "repetition-penalty",
                repetitionPenalty,
                "above 0; 1 is none");
        require(maxNewTokens == null || maxNewTokens >= 1, "max-new-tokens", maxNewTokens, "1 or above");
        require(maxLength == null || maxLength >= 1, "max-length", maxLength, "1 or above");
        if (maxNewTokens != null && maxLength != null) {
            throw new InputException("max-new-tokens and max-length both say where to end; give one of them.");
        }
        if (temperature == 0 && (topK > 0 || topP < 1)) {
            throw new InputException(
                    "top-k and top-p choose among tokens that are drawn, but with a temperature of 0 the"
                            + " likeliest is always taken. Set a temperature too, such as 0.7.");
        }
        if (stop.contains("")) {
            throw new InputException("A stop string is empty; it would end every text before it begins.");
        }
    }

    private static void require(boolean holds, String option, @Nullable Object value, String range) {
        if (!holds) {
            throw new InputException(option + " is " + value + "; it must be " + range + ".");
        }
    }

    /** The likeliest token each time. */
    public static GenerationOptions greedy() {
        return new GenerationOptions(0, 0, 1, 1, 0, null, null, List.of(), true);
    }

    /** Tokens drawn by their probabilities. */
    public static GenerationOptions sampling(double temperature, int topK, double topP, long seed) {
        return new GenerationOptions(temperature, topK, topP, 1, seed, null, null, List.of(), true);
    }

    /** Whether tokens are drawn. */
    public boolean samples() {
        return temperature > 0;
    }

    public GenerationOptions withMaxNewTokens(int tokens) {
        return new GenerationOptions(temperature, topK, topP, repetitionPenalty, seed, tokens, null, stop, cache);
    }

    public GenerationOptions withMaxLength(int tokens) {
        return new GenerationOptions(temperature, topK, topP, repetitionPenalty, seed, null, tokens, stop, cache);
    }

    public GenerationOptions withRepetitionPenalty(double penalty) {
        return new GenerationOptions(temperature, topK, topP, penalty, seed, maxNewTokens, maxLength, stop, cache);
    }

    public GenerationOptions withStop(String... strings) {
        return new GenerationOptions(
                temperature, topK, topP, repetitionPenalty, seed, maxNewTokens, maxLength, List.of(strings), cache);
    }

    public GenerationOptions withCache(boolean keep) {
        return new GenerationOptions(
                temperature, topK, topP, repetitionPenalty, seed, maxNewTokens, maxLength, stop, keep);
    }
}
