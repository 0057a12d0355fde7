package dev.attune.peft;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prompt tuning (Lester et al. 2021, "The Power of Scale for Parameter-Efficient Prompt Tuning"): trained embeddings that
 * stand before the text's own.
 *
 * @param numVirtualTokens how many
 * @param tokenDim their width, the model's hidden size
 * @param numTransformerSubmodules 1, or 2 for an encoder and a decoder
 * @param promptTuningInitText what the embeddings were begun with, for {@link Init#TEXT}
 * @param tokenizerKwargs options of transformers' tokenizer for that text
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record PromptTuningConfig(
        @Nullable TaskType taskType,
        @Nullable String baseModelNameOrPath,
        @Nullable String revision,
        int numVirtualTokens,
        int tokenDim,
        @Nullable Integer numTransformerSubmodules,
        @Nullable Integer numAttentionHeads,
        @Nullable Integer numLayers,
        Init promptTuningInit,
        @Nullable String promptTuningInitText,
        @Nullable String tokenizerNameOrPath,
        @Nullable Map<String, Object> tokenizerKwargs)
        implements PromptLearningConfig {
    /** Where the embeddings come from before they are trained. */
    public enum Init {
        TEXT,
        SAMPLE_VOCAB,
        RANDOM
    }

    public PromptTuningConfig {
        PromptLearningConfig.requireTokens(numVirtualTokens, tokenDim);
    }

    @Override
    public PeftType peftType() {
        return PeftType.PROMPT_TUNING;
    }
}
