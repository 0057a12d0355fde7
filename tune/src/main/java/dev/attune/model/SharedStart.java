package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.split_with_sizes;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;

/**
 * Texts behind a beginning that they share, as one member: first the rows of the beginning, once, then those of each text, one
 * text after the other. All that goes row by row through a block does so in one piece and without padding; queries, keys and
 * values alone are taken apart, into the beginning and a padded batch that comes after it.
 *
 * <p>Shapes: S rows shared, B texts, T rows of the longest, N rows in all, R of them read, M members of the batch: the texts, or
 * one for each row that is read; H heads, D components of a head.
 */
final class SharedStart {
    private final int shared;
    private final int[] lengths;
    private final int @Nullable [] skipped;
    /** Rows from S to N - 1, or null where all N are read. */
    private final int @Nullable [] rows;
    /** The text of each of the batch's members. */
    private final int[] members;

    private final Attention start;
    private final Attention batch;

    private SharedStart(int shared, int[] lengths, int @Nullable [] skipped, int @Nullable [] rows) {
        this.shared = shared;
        this.lengths = lengths;
        this.skipped = skipped;
        this.rows = rows;
        int[] texts = texts();
        members = rows == null
                ? IntStream.range(0, lengths.length).toArray()
                : Arrays.stream(rows).map(row -> texts[row - shared]).toArray();
        start = Attention.of(shared);
        // Its keys and values are handed over with each call.
        var before = new Past(List.of(new Past.Segment(shared, List.of(shared))), List.of());
        int width = Arrays.stream(lengths).max().orElse(0);
        var after = Attention.of(ofMembers(lengths), width).after(before);
        after = skipped == null ? after : after.skipping(ofMembers(skipped));
        batch = rows == null ? after : after.reading(withinTexts(rows, texts));
    }

    /**
     * Texts of these lengths behind so many rows.
     *
     * @param shared at least 1
     */
    static SharedStart of(int shared, int... lengths) {
        return new SharedStart(shared, lengths.clone(), null, null);
    }

    SharedStart skipping(int... positions) {
        return new SharedStart(shared, lengths, positions.clone(), rows);
    }

    /**
     * The same, with queries for these rows alone.
     *
     * @param read rows of texts, from S to N - 1
     */
    SharedStart reading(int... read) {
        if (Arrays.stream(read).anyMatch(row -> row < shared || row >= rows())) {
            throw new IllegalArgumentException("Rows " + Arrays.toString(read) + " do not fit " + this + ": from "
                    + shared + " to " + (rows() - 1));
        }
        return new SharedStart(shared, lengths, skipped, read.clone());
    }

    /** The text of each row behind the beginning. */
    private int[] texts() {
        return IntStream.range(0, lengths.length)
                .flatMap(text -> IntStream.generate(() -> text).limit(lengths[text]))
                .toArray();
    }

    private int[] ofMembers(int... ofTexts) {
        return Arrays.stream(members).map(text -> ofTexts[text]).toArray();
    }

    /** Where rows stand within their texts. */
    private int[] withinTexts(int[] read, int[] texts) {
        return Arrays.stream(read)
                .map(row -> row - shared - firstRow(texts[row - shared]))
                .toArray();
    }

    /** How many rows of other texts stand before a text's. */
    private int firstRow(int text) {
        return Arrays.stream(lengths, 0, text).sum();
    }

    /** N. */
    int rows() {
        return shared + Arrays.stream(lengths).sum();
    }

    /** The rows that are read, or null for all N. */
    int @Nullable [] rowsRead() {
        return rows;
    }

    /** The position of each row. */
    int[] positions() {
        IntStream ofTexts = IntStream.range(0, lengths.length)
                .flatMap(b -> IntStream.range(0, lengths[b]).map(t -> shared + (skipped == null ? 0 : skipped[b]) + t));
        return IntStream.concat(IntStream.range(0, shared), ofTexts).toArray();
    }

    /**
     * As {@link Attention#causal}; k and v (1, H or a divisor of it, N, D).
     *
     * @param q (1, H, N, D), or (1, H, R, D)
     * @return like q
     */
    Tensor causal(Tensor q, Tensor k, Tensor v, int window, @Nullable Bias bias, double dropout) {
        var own = new Past.KeyValues(padded(k, true), padded(v, true)); // (M, H, S + T, D)
        if (rows != null) {
            return batch.attend(q.permute(2, 1, 0, 3), own, window, bias, dropout)
                    .permute(2, 1, 0, 3); // (1, H, R, D) -> (R, H, 1, D) -> (1, H, R, D)
        }
        var ofStart = new Past.KeyValues(k.narrow(2, 0, shared), v.narrow(2, 0, shared));
        Tensor first = start.attend(q.narrow(2, 0, shared), ofStart, window, bias, dropout); // (1, H, S, D)
        Tensor then = batch.attend(padded(q, false), own, window, bias, dropout); // (B, H, T, D)
        return joined(first.transpose(1, 2).squeeze(0), then.transpose(1, 2).flatten(0, 1));
    }

    /** Each member's text, behind the beginning where that is asked for. (1, H, N, D) -> (M, H, T or S + T, D) */
    private Tensor padded(Tensor x, boolean behindStart) {
        TensorVector pieces = pieces(x);
        Tensor padding = x.new_zeros(batch.width(), x.size(1), x.size(3)); // (T, H, D)
        var all = new TensorVector();
        for (int text : members) {
            if (behindStart) {
                all.push_back(pieces.get(0));
            }
            all.push_back(pieces.get(1 + text));
            all.push_back(padding.narrow(0, 0, batch.width() - lengths[text]));
        }
        return cat(all).unflatten(0, members.length, -1).transpose(1, 2);
    }

    /** The beginning, then each text: (1, H, N, D) -> (S, H, D), (rows of a text, H, D), … */
    private TensorVector pieces(Tensor x) {
        long[] sizes = LongStream.concat(
                        LongStream.of(shared), Arrays.stream(lengths).asLongStream())
                .toArray();
        // One node of the graph: of as many slices each would have a gradient as large as x.
        return split_with_sizes(x.transpose(1, 2).squeeze(0), sizes, 0);
    }

    /** (S, H, D) and (B T, H, D) -> (1, H, N, D) */
    private Tensor joined(Tensor beginning, Tensor texts) {
        long[] sizes = Arrays.stream(lengths)
                .asLongStream()
                .flatMap(n -> LongStream.of(n, batch.width() - n))
                .toArray();
        TensorVector pieces = split_with_sizes(texts, sizes, 0);
        var all = new TensorVector(beginning);
        for (int text = 0; text < lengths.length; text++) {
            all.push_back(pieces.get(2L * text));
        }
        return cat(all).unsqueeze(0).transpose(1, 2);
    }

    @Override
    public String toString() {
        return shared + " rows before texts of " + Arrays.toString(lengths);
    }
}
