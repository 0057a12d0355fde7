package dev.attune.training;

import dev.attune.files.InputException;
import org.jspecify.annotations.Nullable;

/** Which pairs of texts contrastive tuning takes; names and meaning are SetFit's. */
public record ContrastiveOptions(
        @Description("contrastive: which pairs an epoch has: oversampling, undersampling or unique")
        SamplingStrategy samplingStrategy,

        @Description(
                "contrastive: pairs of one label, and as many of two, for each text (default: by sampling-strategy)")
        @Nullable Integer numIterations) {

    /** How many pairs of one label (positive) and of two labels (negative) are taken. */
    public enum SamplingStrategy {
        /** All of them, the kind there is less of repeated until both are equally many. */
        OVERSAMPLING,
        /** As many of either kind as there are of the rarer one. */
        UNDERSAMPLING,
        /** All of them once. */
        UNIQUE
    }

    private static final ContrastiveOptions DEFAULTS = new ContrastiveOptions(SamplingStrategy.OVERSAMPLING, null);

    public ContrastiveOptions {
        if (numIterations != null && numIterations < 1) {
            throw new InputException("num-iterations is " + numIterations + "; it has to be at least 1.");
        }
    }

    public static ContrastiveOptions defaults() {
        return DEFAULTS;
    }
}
