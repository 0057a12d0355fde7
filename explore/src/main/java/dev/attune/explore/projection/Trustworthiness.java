package dev.attune.explore.projection;

import dev.attune.explore.matrix.Neighbors;
import dev.attune.explore.matrix.Rows;
import java.util.List;
import java.util.stream.IntStream;

/** How far neighbours in a picture are neighbours in the data. */
public final class Trustworthiness {
    private Trustworthiness() {}

    /**
     * 1 when each point's k nearest in the picture are among its k nearest rows, less the further off they are (Venna and
     * Kaski 2001), as scikit-learn's trustworthiness. Measures every pair of rows.
     *
     * @param neighbours k, less than half the number of rows
     */
    public static double of(double[][] rows, List<Point> picture, int neighbours) {
        int n = rows.length;
        if (picture.size() != n || neighbours < 1 || 2 * neighbours >= n) {
            throw new IllegalArgumentException(
                    picture.size() + " points and " + neighbours + " neighbours for " + n + " rows");
        }
        var plane = picture.stream().map(p -> new double[] {p.x(), p.y()}).toArray(double[][]::new);
        var near = Neighbors.among(plane, neighbours);
        long penalty = IntStream.range(0, n)
                .parallel()
                .mapToLong(i -> penalty(rows, i, near.rows()[i]))
                .sum();
        double worst = n * (double) neighbours * (2.0 * n - 3.0 * neighbours - 1);
        return 1 - 2 * penalty / worst;
    }

    /** By how many ranks the row's neighbours in the picture miss being among its nearest rows. */
    private static long penalty(double[][] rows, int i, int[] near) {
        var distances = new double[rows.length];
        for (int j = 0; j < distances.length; j++) {
            distances[j] = Rows.squaredDistance(rows[i], rows[j]);
        }
        long penalty = 0;
        for (int j : near) {
            int rank = 1;
            for (int other = 0; other < distances.length; other++) {
                boolean isNearer = distances[other] < distances[j] || (distances[other] == distances[j] && other < j);
                rank += other != i && isNearer ? 1 : 0;
            }
            penalty += Math.max(0, rank - near.length);
        }
        return penalty;
    }
}
