package dev.attune.training;

import dev.attune.files.InputException;

/**
 * Switches of what makes training fast without changing its figures; each can be turned off to see what it brings, and tests
 * hold that on and off agree.
 */
public record SpeedOptions(
        @Description("compute the frozen blocks once and keep their output")
        boolean trunkCache,

        @Description("MiB of memory for that output; more goes to a mapped file")
        int trunkCacheMemory,

        @Description("compute the last block at the read row only")
        boolean lastRowOnly,

        @Description("dropout in the frozen blocks too (turns the trunk cache off)")
        boolean frozenDropout,

        @Description("dropout in the trained blocks, at the rates of config.json")
        boolean dropout,

        @Description("tokens that are scored at once in evaluation")
        int evalTokens,

        @Description("label words: run each block twice instead of keeping all that its gradients need")
        boolean gradientCheckpointing,

        @Description("label words: run virtual tokens, and what all texts begin with, in one pass with the texts")
        boolean joinedPrompt) {
    private static final SpeedOptions DEFAULTS = new SpeedOptions(true, 1024, true, false, true, 2048, false, true);

    public SpeedOptions {
        if (trunkCacheMemory < 0) {
            throw new InputException(
                    "trunk-cache-memory is " + trunkCacheMemory + "; it is a number of MiB, 0 or more.");
        }
        if (evalTokens < 1) {
            throw new InputException("eval-tokens is " + evalTokens + "; it has to be at least 1.");
        }
    }

    public static SpeedOptions defaults() {
        return DEFAULTS;
    }
}
