package dev.attune.data;

import java.util.Random;

/**
 * Fisher-Yates with {@link Random}, whose sequence the Java specification fixes: a seed gives the same order on every
 * machine and every Java release.
 */
public final class Shuffle {
    private Shuffle() {}

    /** The numbers 0 to {@code size - 1} in an order that {@code seed} decides. */
    public static int[] permutation(int size, long seed) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        shuffle(order, new Random(seed));
        return order;
    }

    static void shuffle(int[] values, Random random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = values[i];
            values[i] = values[j];
            values[j] = kept;
        }
    }
}
