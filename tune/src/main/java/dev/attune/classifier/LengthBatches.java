package dev.attune.classifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Examples of like length put together, so that little padding goes through the model. */
public final class LengthBatches {
    private LengthBatches() {}

    /**
     * Batches that hold every example once, longest first: what does not fit into memory fails at once.
     *
     * @param lengths tokens of each example
     * @param tokens most tokens of a batch after padding; one example always fits
     */
    public static List<int[]> all(int[] lengths, int tokens) {
        return split(longestFirst(IntStream.range(0, lengths.length).toArray(), lengths), lengths, tokens);
    }

    /** The examples from the longest to the shortest; those of one length keep their order. */
    public static int[] longestFirst(int[] examples, int[] lengths) {
        return Arrays.stream(examples)
                .boxed()
                .sorted(Comparator.comparingInt(i -> -lengths[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Cuts a batch, in its order, into parts that hold at most {@code tokens} after padding; one example always fits. */
    public static List<int[]> split(int[] batch, int[] lengths, int tokens) {
        var parts = new ArrayList<int[]>();
        int from = 0;
        int longest = 0;
        for (int i = 0; i < batch.length; i++) {
            int length = lengths[batch[i]];
            if (i > from && (long) Math.max(longest, length) * (i - from + 1) > tokens) {
                parts.add(Arrays.copyOfRange(batch, from, i));
                from = i;
                longest = 0;
            }
            longest = Math.max(longest, length);
        }
        if (from < batch.length) {
            parts.add(Arrays.copyOfRange(batch, from, batch.length));
        }
        return parts;
    }
}
