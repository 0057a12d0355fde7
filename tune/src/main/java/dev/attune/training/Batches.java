package dev.attune.training;

import dev.attune.classifier.LengthBatches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Which examples go together, decided from their lengths in tokens alone. */
public final class Batches {
    /** How many batches a shuffled window holds before it is sorted by length. */
    private static final int WINDOW = 16;

    private Batches() {}

    /**
     * One epoch of training batches: all examples once, in an order that depends on seed and epoch only.
     *
     * <p>With {@code byLength}, examples are shuffled, cut into windows of {@value #WINDOW} batches, sorted by length inside a
     * window, and the batches shuffled again: little padding, and still another mix each epoch.
     */
    public static List<int[]> epoch(int[] lengths, int batchSize, boolean byLength, long seed, int epoch) {
        var random = new SplittableRandom(seed * 1_000_003 + epoch);
        int[] order = IntStream.range(0, lengths.length).toArray();
        shuffle(order, random);
        if (byLength) {
            int window = WINDOW * batchSize;
            for (int from = 0; from < order.length; from += window) {
                int[] part = Arrays.copyOfRange(order, from, Math.min(order.length, from + window));
                System.arraycopy(LengthBatches.longestFirst(part, lengths), 0, order, from, part.length);
            }
        }
        var batches = new ArrayList<int[]>();
        for (int from = 0; from < order.length; from += batchSize) {
            batches.add(Arrays.copyOfRange(order, from, Math.min(order.length, from + batchSize)));
        }
        if (byLength) {
            for (int i = batches.size() - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int[] kept = batches.get(i);
                batches.set(i, batches.get(j));
                batches.set(j, kept);
            }
        }
        return batches;
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
    }
}
