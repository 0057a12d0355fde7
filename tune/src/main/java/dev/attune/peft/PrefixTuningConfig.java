package dev.attune.peft;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * Prefix tuning (Li and Liang 2021, "Prefix-Tuning: Optimizing Continuous Prompts for Generation"): trained keys and values in
 * every block.
 *
 * @param numVirtualTokens how many tokens they are for
 * @param tokenDim width of a token's keys in one block: key/value heads times their size
 * @param numTransformerSubmodules 1, or 2 for an encoder and a decoder
 * @param numAttentionHeads key/value heads
 * @param encoderHiddenSize width of the network that makes them; null for {@code tokenDim}
 * @param prefixProjection whether there is such a network, which is not saved with them
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record PrefixTuningConfig(
        @Nullable TaskType taskType,
        @Nullable String baseModelNameOrPath,
        @Nullable String revision,
        int numVirtualTokens,
        int tokenDim,
        @Nullable Integer numTransformerSubmodules,
        @Nullable Integer numAttentionHeads,
        @Nullable Integer numLayers,
        @Nullable Integer encoderHiddenSize,
        boolean prefixProjection)
        implements PromptLearningConfig {
    public PrefixTuningConfig {
        PromptLearningConfig.requireTokens(numVirtualTokens, tokenDim);
    }

    @Override
    public PeftType peftType() {
        return PeftType.PREFIX_TUNING;
    }
}
