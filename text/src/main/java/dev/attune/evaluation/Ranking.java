package dev.attune.evaluation;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The rows sorted by the probability of one class, against whether they are of that class. Sorted once; then scored
 * under any row weights (how often a bootstrap sample holds each row) in one pass.
 */
final class Ranking {
    private static final int POSITIVE = 1;
    private static final int TIED_WITH_NEXT = 2;

    /** By falling probability: row << 2, with the two flags above. */
    private final int[] order;

    Ranking(int[] truth, double[][] probabilities, int label) {
        long[] keys = new long[truth.length];
        double[] sorted = IntStream.range(0, truth.length)
                .mapToDouble(row -> probabilities[row][label])
                .sorted()
                .distinct()
                .toArray();
        for (int row = 0; row < keys.length; row++) {
            int rank = sorted.length - 1 - Arrays.binarySearch(sorted, probabilities[row][label]);
            keys[row] = (long) rank << 32 | row;
        }
        Arrays.sort(keys);
        order = new int[keys.length];
        for (int i = 0; i < order.length; i++) {
            int row = (int) keys[i];
            boolean tied = i + 1 < keys.length && keys[i] >> 32 == keys[i + 1] >> 32;
            order[i] = row << 2 | (truth[row] == label ? POSITIVE : 0) | (tied ? TIED_WITH_NEXT : 0);
        }
    }

    /** Area under the ROC curve: how often a row of the class stands above another, ties counting half; NaN when undefined. */
    double rocAuc(int[] weights) {
        long above = 0;
        long doubled = 0;
        long negatives = 0;
        long tiedPositives = 0;
        long tiedNegatives = 0;
        for (int entry : order) {
            int weight = weights[entry >> 2];
            if ((entry & POSITIVE) != 0) {
                tiedPositives += weight;
            } else {
                tiedNegatives += weight;
            }
            if ((entry & TIED_WITH_NEXT) == 0) {
                doubled += tiedNegatives * (2 * above + tiedPositives);
                above += tiedPositives;
                negatives += tiedNegatives;
                tiedPositives = 0;
                tiedNegatives = 0;
            }
        }
        return above == 0 || negatives == 0 ? Double.NaN : doubled / (2.0 * above * negatives);
    }

    /** Precision summed over the steps in recall, one for each distinct probability; 0 when no row is of the class. */
    double averagePrecision() {
        long hits = 0;
        long tiedHits = 0;
        double sum = 0;
        for (int i = 0; i < order.length; i++) {
            tiedHits += order[i] & POSITIVE;
            if ((order[i] & TIED_WITH_NEXT) == 0) {
                hits += tiedHits;
                sum += tiedHits * ((double) hits / (i + 1));
                tiedHits = 0;
            }
        }
        return hits == 0 ? 0 : sum / hits;
    }
}
