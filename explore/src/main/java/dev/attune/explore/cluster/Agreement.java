package dev.attune.explore.cluster;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How far clusters and labels divide the rows alike, whatever either is called.
 *
 * @param adjustedRand share of pairs of rows that both put together or both apart, 0 where chance would do as well and 1
 *     where they agree (Hubert and Arabie 1985)
 * @param normalizedMutualInformation what one tells of the other, 0 to 1, against the mean of their entropies
 */
public record Agreement(double adjustedRand, double normalizedMutualInformation) {

    /** Equal to scikit-learn's adjusted_rand_score and normalized_mutual_info_score. */
    public static Agreement of(int[] labels, int[] clusters) {
        if (labels.length != clusters.length || labels.length == 0) {
            throw new IllegalArgumentException(labels.length + " labels for " + clusters.length + " rows");
        }
        var counts = new long[1 + largest(labels)][1 + largest(clusters)];
        for (int i = 0; i < labels.length; i++) {
            counts[labels[i]][clusters[i]]++;
        }
        long[] cells = Arrays.stream(counts).flatMapToLong(Arrays::stream).toArray();
        long[] ofLabels =
                Arrays.stream(counts).mapToLong(row -> Arrays.stream(row).sum()).toArray();
        long[] ofClusters = IntStream.range(0, counts[0].length)
                .mapToLong(c -> Arrays.stream(counts).mapToLong(row -> row[c]).sum())
                .toArray();
        return new Agreement(
                adjustedRand(pairs(cells), pairs(ofLabels), pairs(ofClusters), labels.length),
                mutualInformation(entropy(cells), entropy(ofLabels), entropy(ofClusters)));
    }

    private static int largest(int[] ids) {
        return IntStream.of(ids).max().orElse(0);
    }

    private static double adjustedRand(double together, double inLabels, double inClusters, double rows) {
        double expected = inLabels * inClusters / Math.max(1, rows * (rows - 1) / 2);
        double most = (inLabels + inClusters) / 2;
        return most == expected ? 1 : (together - expected) / (most - expected);
    }

    private static double pairs(long[] counts) {
        return Arrays.stream(counts)
                .mapToDouble(count -> count * (count - 1) / 2.0)
                .sum();
    }

    private static double mutualInformation(double joint, double ofLabels, double ofClusters) {
        double mean = (ofLabels + ofClusters) / 2;
        return mean == 0 ? 1 : Math.max(0, ofLabels + ofClusters - joint) / mean;
    }

    private static double entropy(long[] counts) {
        double rows = Arrays.stream(counts).sum();
        return -Arrays.stream(counts)
                .filter(count -> count > 0)
                .mapToDouble(count -> count / rows * Math.log(count / rows))
                .sum();
    }
}
