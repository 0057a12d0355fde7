package dev.attune.explore.projection;

import dev.attune.files.InputException;

/**
 * How t-SNE is run; the defaults are scikit-learn's.
 *
 * @param perplexity about how many neighbours a row has; less than the number of rows
 * @param iterations in all, of which the first quarter thousand is exaggerated
 * @param earlyExaggeration how much stronger neighbours attract each other at first
 * @param learningRate 0: rows / earlyExaggeration / 4, at least 50
 * @param angle squares of points narrower than this share of their distance stand for their points
 * @param start where points begin
 * @param seed of a random start
 */
public record TsneOptions(
        double perplexity,
        int iterations,
        double earlyExaggeration,
        double learningRate,
        double angle,
        Start start,
        long seed) {

    /** Where points begin: along the first two principal components, or drawn. */
    public enum Start {
        PCA,
        RANDOM
    }

    private static final TsneOptions DEFAULTS = new TsneOptions(30, 1000, 12, 0, 0.5, Start.PCA, 42);

    public TsneOptions {
        if (!(perplexity >= 1)) {
            throw new InputException("perplexity is " + perplexity + "; it takes 1 or more, 5 to 50 as a rule.");
        }
        if (iterations < 250 || !(earlyExaggeration >= 1) || !(learningRate >= 0) || !(angle >= 0 && angle <= 1)) {
            throw new InputException(
                    "t-SNE takes 250 iterations or more, an early exaggeration of 1 or more, a learning "
                            + "rate above 0 (0: chosen) and an angle from 0 to 1.");
        }
    }

    public static TsneOptions defaults() {
        return DEFAULTS;
    }

    public TsneOptions withPerplexity(double other) {
        return new TsneOptions(other, iterations, earlyExaggeration, learningRate, angle, start, seed);
    }

    public TsneOptions withStart(Start other, long otherSeed) {
        return new TsneOptions(perplexity, iterations, earlyExaggeration, learningRate, angle, other, otherSeed);
    }
}
