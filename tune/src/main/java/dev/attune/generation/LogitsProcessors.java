package dev.attune.generation;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * What is done to scores before a token is chosen, in transformers' order and with the same operations, so that the results are
 * the same to the bit.
 *
 * <p>Shapes: B texts, V tokens of the vocabulary; scores are fp32 (B, V). A token that may not be chosen scores -∞.
 */
final class LogitsProcessors {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    private LogitsProcessors() {}

    /** @param seen which tokens stand in a text or its prompt, bool (B, V); null where no penalty is asked for */
    static Tensor process(GenerationOptions options, Tensor scores, @Nullable Tensor seen) {
        if (seen != null) {
            scores = repetitionPenalty(scores, seen, options.repetitionPenalty());
        }
        if (options.samples() && options.temperature() != 1) {
            scores = scores.div(new Scalar(options.temperature()));
        }
        if (options.topK() > 0) {
            scores = topK(scores, options.topK());
        }
        return options.topP() < 1 ? topP(scores, options.topP()) : scores;
    }

    /** Divides the scores of tokens that were seen where positive, and multiplies them where negative (Keskar et al. 2019). */
    static Tensor repetitionPenalty(Tensor scores, Tensor seen, double penalty) {
        Tensor punished =
                torch.where(scores.lt(new Scalar(0)), scores.mul(new Scalar(penalty)), scores.div(new Scalar(penalty)));
        return torch.where(seen, punished, scores);
    }

    /** Leaves the k likeliest tokens, and those that are as likely as the last of them. */
    static Tensor topK(Tensor scores, int k) {
        Tensor best = scores.topk(Math.min(k, scores.size(1))).get0(); // (B, k), falling
        return scores.masked_fill(scores.lt(best.narrow(1, best.size(1) - 1, 1)), new Scalar(NEVER));
    }

    /** Leaves the fewest likeliest tokens that have p of the probability together, one at least (Holtzman et al. 2019). */
    static Tensor topP(Tensor scores, double p) {
        var sorted = scores.sort(); // rising
        Tensor below = sorted.get0().softmax(1).cumsum(1).le(new Scalar(1 - p)); // (B, V)
        below.narrow(1, below.size(1) - 1, 1).fill_(new Scalar(0));
        return scores.masked_fill(below.scatter(1, sorted.get1(), below), new Scalar(NEVER));
    }
}
