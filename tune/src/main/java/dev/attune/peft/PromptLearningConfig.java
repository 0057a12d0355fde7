package dev.attune.peft;

import dev.attune.files.InputException;
import org.jspecify.annotations.Nullable;

/** What the configurations of virtual tokens have in common. */
public sealed interface PromptLearningConfig extends AdapterConfig
        permits PromptTuningConfig, PromptEncoderConfig, PrefixTuningConfig {
    /** P. */
    int numVirtualTokens();

    /** Width of a vector: the model's hidden size, or of a prefix that of all its key/value heads. */
    int tokenDim();

    /** 1, or 2 for an encoder and a decoder; null for what the model has. */
    @Nullable Integer numTransformerSubmodules();

    /** Checks what every configuration needs. */
    static void requireTokens(int numVirtualTokens, int tokenDim) {
        if (numVirtualTokens < 1 || tokenDim < 1) {
            throw new InputException("num_virtual_tokens and token_dim have to be at least 1.");
        }
    }
}
