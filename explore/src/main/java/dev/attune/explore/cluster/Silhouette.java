package dev.attune.explore.cluster;

import dev.attune.explore.matrix.Rows;
import dev.attune.files.InputException;
import java.util.Random;
import java.util.stream.IntStream;

/** How much nearer rows are to their own cluster than to the next (Rousseeuw 1987), as scikit-learn's silhouette_score. */
public final class Silhouette {
    private Silhouette() {}

    /**
     * The mean over the rows, -1 to 1; a row that is alone counts 0. Measures every pair of rows.
     *
     * @param clusters of each row, 0 to n - 1; at least two occur
     */
    public static double of(double[][] rows, int[] clusters) {
        int k = 1 + IntStream.of(clusters).max().orElse(0);
        if (rows.length != clusters.length || IntStream.of(clusters).distinct().count() < 2) {
            throw new InputException("A silhouette needs two clusters or more and a cluster for each row.");
        }
        var sizes = new int[k];
        for (int cluster : clusters) {
            sizes[cluster]++;
        }
        double[] widths = IntStream.range(0, rows.length)
                .parallel()
                .mapToDouble(i -> width(rows, clusters, sizes, i))
                .toArray();
        double sum = 0;
        for (double width : widths) {
            sum += width;
        }
        return sum / widths.length;
    }

    /** The same of {@code most} rows that the seed draws, where there are more. */
    public static double ofSample(double[][] rows, int[] clusters, int most, long seed) {
        if (rows.length <= most) {
            return of(rows, clusters);
        }
        int[] drawn =
                new Random(seed).ints(0, rows.length).distinct().limit(most).toArray();
        int[] drawnClusters = IntStream.of(drawn).map(row -> clusters[row]).toArray();
        if (IntStream.of(drawnClusters).distinct().count() < 2) {
            return 0; // all but a few rows are one cluster
        }
        return of(IntStream.of(drawn).mapToObj(row -> rows[row]).toArray(double[][]::new), drawnClusters);
    }

    private static double width(double[][] points, int[] clusters, int[] sizes, int i) {
        if (sizes[clusters[i]] == 1) {
            return 0;
        }
        var sums = new double[sizes.length];
        for (int j = 0; j < points.length; j++) {
            sums[clusters[j]] += Math.sqrt(Rows.squaredDistance(points[i], points[j]));
        }
        double own = sums[clusters[i]] / (sizes[clusters[i]] - 1);
        double next = Double.POSITIVE_INFINITY;
        for (int c = 0; c < sizes.length; c++) {
            if (c != clusters[i] && sizes[c] > 0) {
                next = Math.min(next, sums[c] / sizes[c]);
            }
        }
        double larger = Math.max(own, next);
        return larger == 0 ? 0 : (next - own) / larger;
    }
}
