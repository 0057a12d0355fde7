package dev.attune.generation;

import dev.attune.torch.Tensors;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the next token of each text. Every prompt draws numbers of its own, from the seed and the prompt's place, so that a
 * text does not depend on the batch it is in.
 *
 * <p>Shapes: B texts, V tokens of the vocabulary.
 */
final class Sampler {
    private final GenerationOptions options;
    private List<SplittableRandom> randoms;
    /** Which tokens stand in each prompt or text, bool (B, V); null where no penalty asks for it. */
    private @Nullable Tensor seen;

    /**
     * @param prompts the ids of each
     * @param places of the prompts among all that were given
     * @param vocabulary V
     */
    Sampler(GenerationOptions options, List<int[]> prompts, int[] places, int vocabulary) {
        this.options = options;
        long base = new SplittableRandom(options.seed()).nextLong();
        randoms = IntStream.of(places)
                .mapToObj(place -> new SplittableRandom(base + place))
                .toList();
        seen = options.repetitionPenalty() == 1 ? null : seen(prompts, vocabulary);
    }

    private static Tensor seen(List<int[]> prompts, int vocabulary) {
        boolean[] flags = new boolean[Math.multiplyExact(prompts.size(), vocabulary)];
        for (int b = 0; b < prompts.size(); b++) {
            for (int id : prompts.get(b)) {
                flags[b * vocabulary + id] = true;
            }
        }
        return Tensors.of(flags, prompts.size(), vocabulary);
    }

    /**
     * One token for each text.
     *
     * @param logits fp32 (B, V)
     */
    int[] choose(Tensor logits) {
        Tensor scores = process(logits);
        Tensor chosen = options.samples() ? draw(scores) : likeliest(scores); // (B, 1)
        if (seen != null) {
            seen.scatter_(1, chosen.cpu(), new Scalar(1));
        }
        return Tensors.toInts(chosen);
    }

    /** How likely each token is to be chosen: greedy search leaves nothing to chance. fp32 (B, V) -> (B, V) */
    Tensor chances(Tensor logits) {
        Tensor scores = process(logits);
        return options.samples()
                ? scores.softmax(1)
                : torch.zeros_like(scores).scatter(1, likeliest(scores), new Scalar(1.0));
    }

    private Tensor process(Tensor logits) {
        return LogitsProcessors.process(
                options, logits, seen == null ? null : seen.to(logits.device(), ScalarType.Bool));
    }

    private static Tensor likeliest(Tensor scores) {
        return scores.argmax(new LongOptional(1), true); // (B, V) -> (B, 1)
    }

    /** A token of each row by its probability: the first whose running sum is above a number drawn. (B, V) -> (B, 1) */
    private Tensor draw(Tensor scores) {
        Tensor sums = scores.to(ScalarType.Double).softmax(1).cumsum(1); // (B, V)
        // 52 bits: times a sum, a number so far below 1 never rounds up to the sum itself.
        long[] drawn = randoms.stream().mapToLong(r -> r.nextLong() >>> 12).toArray();
        Tensor shares = Tensors.of(drawn, drawn.length, 1)
                .to(sums.device(), ScalarType.Double)
                .mul(new Scalar(0x1p-52));
        Tensor targets = shares.mul(sums.narrow(1, sums.size(1) - 1, 1)); // (B, 1)
        return torch.searchsorted(sums, targets, false, true, new StringViewOptional(), new TensorOptional());
    }

    /** Goes on with these texts alone, in this order. */
    void keep(int... remaining) {
        randoms = IntStream.of(remaining).mapToObj(randoms::get).toList();
        if (seen != null) {
            try (Tensor all = seen) {
                seen = all.index_select(0, Tensors.of(remaining));
            }
        }
    }
}
