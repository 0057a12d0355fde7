package dev.attune.peft;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * P-tuning (Liu et al. 2021, "GPT Understands, Too"): trained embeddings that a network has made, which is not saved with them.
 *
 * @param numVirtualTokens how many
 * @param tokenDim their width, the model's hidden size
 * @param numTransformerSubmodules 1, or 2 for an encoder and a decoder
 * @param encoderHiddenSize width of the network; null for {@code tokenDim}
 * @param encoderNumLayers layers of an LSTM
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record PromptEncoderConfig(
        @Nullable TaskType taskType,
        @Nullable String baseModelNameOrPath,
        @Nullable String revision,
        int numVirtualTokens,
        int tokenDim,
        @Nullable Integer numTransformerSubmodules,
        @Nullable Integer numAttentionHeads,
        @Nullable Integer numLayers,
        Network encoderReparameterizationType,
        @Nullable Integer encoderHiddenSize,
        int encoderNumLayers,
        double encoderDropout)
        implements PromptLearningConfig {
    /** What makes the embeddings. */
    public enum Network {
        MLP,
        LSTM
    }

    public PromptEncoderConfig {
        PromptLearningConfig.requireTokens(numVirtualTokens, tokenDim);
    }

    @Override
    public PeftType peftType() {
        return PeftType.P_TUNING;
    }
}
