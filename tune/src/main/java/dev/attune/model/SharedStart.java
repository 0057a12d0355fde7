package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.cat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;

/**
 * Texts behind a beginning that they share, as one member: first the rows of the beginning, once, then those of each text,
 * padded to the longest. All that goes row by row through a block does so in one piece; queries, keys and values alone are
 * taken apart, into the beginning and a batch that comes after it.
 *
 * <p>Shapes: S rows shared, B texts, T rows each, N = S + B T, H heads, D components of a head.
 */
final class SharedStart {
    private final int shared;
    private final int[] lengths;
    private final int @Nullable [] skipped;
    private final Attention start;
    private final Attention texts;

    private SharedStart(int shared, int[] lengths, int @Nullable [] skipped) {
        this.shared = shared;
        this.lengths = lengths.clone();
        this.skipped = skipped == null ? null : skipped.clone();
        start = Attention.of(shared);
        // Its keys and values are handed over with each call.
        var before = new Past(List.of(new Past.Segment(shared, List.of(shared))), List.of());
        var after = Attention.of(lengths).after(before);
        texts = skipped == null ? after : after.skipping(skipped);
    }

    /**
     * Texts of these lengths behind so many rows.
     *
     * @param shared at least 1
     */
    static SharedStart of(int shared, int... lengths) {
        return new SharedStart(shared, lengths, null);
    }

    SharedStart skipping(int... positions) {
        return new SharedStart(shared, lengths, positions);
    }

    /** N. */
    int rows() {
        return shared + texts.batch() * texts.width();
    }

    /** The position of each row. */
    int[] positions() {
        IntStream ofTexts = IntStream.range(0, texts.batch())
                .flatMap(b ->
                        IntStream.range(0, texts.width()).map(t -> shared + (skipped == null ? 0 : skipped[b]) + t));
        return IntStream.concat(IntStream.range(0, shared), ofTexts).toArray();
    }

    /** As {@link Attention#causal}; q, k and v (1, H, N, D) -> (1, H, N, D). */
    Tensor causal(Tensor q, Tensor k, Tensor v, int window, @Nullable Bias bias, double dropout) {
        var own = new Past.KeyValues(k.narrow(2, 0, shared), v.narrow(2, 0, shared));
        var all = new Past.KeyValues(
                Attention.join(own.keys(), ofTexts(k)), Attention.join(own.values(), ofTexts(v))); // (B, H, S + T, D)
        Tensor first = start.attend(q.narrow(2, 0, shared), own, window, bias, dropout); // (1, H, S, D)
        Tensor then = texts.attend(ofTexts(q), all, window, bias, dropout); // (B, H, T, D)
        Tensor rows = then.transpose(1, 2).flatten(0, 1); // (B, H, T, D) -> (B T, H, D)
        return cat(new TensorVector(first.transpose(1, 2).squeeze(0), rows))
                .unsqueeze(0)
                .transpose(1, 2); // (N, H, D) -> (1, H, N, D)
    }

    /** (1, H, N, D) -> (B, H, T, D) */
    private Tensor ofTexts(Tensor x) {
        long batch = texts.batch();
        long width = texts.width();
        return x.transpose(1, 2)
                .narrow(1, shared, batch * width)
                .reshape(batch, width, x.size(1), x.size(3))
                .transpose(1, 2); // (1, B T, H, D) -> (B, T, H, D) -> (B, H, T, D)
    }

    @Override
    public String toString() {
        return shared + " rows before texts of " + Arrays.toString(lengths);
    }
}
