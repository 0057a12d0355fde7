package dev.attune.explore.cluster;

import dev.attune.explore.matrix.Rows;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * k-means (Lloyd 1982), begun with greedy k-means++ (Arthur and Vassilvitskii 2007) as scikit-learn does. The same rows,
 * options and k give the same clusters on any number of cores.
 */
public final class KMeans {
    private final double[][] centers;
    private final int[] clusters;
    private final double inertia;

    private KMeans(double[][] centers, int[] clusters, double inertia) {
        this.centers = centers;
        this.clusters = clusters;
        this.inertia = inertia;
    }

    /** The clusters' centers: k x columns. */
    public double[][] centers() {
        return centers;
    }

    /** The cluster of each row. */
    public int[] clusters() {
        return clusters;
    }

    /** The squared distances of all rows from their centers. */
    public double inertia() {
        return inertia;
    }

    /**
     * The best of several runs.
     *
     * @param rows at least k, without missing values
     * @throws InputException when there are too few rows, or a value is not finite
     */
    public static KMeans fit(double[][] rows, int k, KMeansOptions options) {
        if (k < 1) {
            throw new InputException("k is " + k + "; k-means takes one cluster or more.");
        }
        Rows.requireFinite(rows, k);
        double stillness = options.tolerance() * meanVariance(rows);
        var random = new SplittableRandom(options.seed());
        KMeans best = null;
        for (int restart = 0; restart < options.restarts(); restart++) {
            var run = new Lloyd(rows, firstCenters(rows, k, random.split())).run(options.iterations(), stillness);
            if (best == null || run.inertia < best.inertia) {
                best = run;
            }
        }
        if (best == null) {
            throw new IllegalStateException("no restart");
        }
        return best;
    }

    private static double meanVariance(double[][] rows) {
        double[] means = Rows.means(rows);
        double sum = 0;
        for (double[] row : rows) {
            sum += Rows.squaredDistance(row, means);
        }
        return sum / rows.length / means.length;
    }

    /** Each next center is, of a few rows drawn by their squared distance, the one that leaves the least inertia. */
    private static double[][] firstCenters(double[][] points, int k, SplittableRandom random) {
        int trials = 2 + (int) Math.log(k);
        var centers = new double[k][];
        centers[0] = points[random.nextInt(points.length)].clone();
        double[] nearest = capped(points, centers[0], infinite(points.length));
        for (int c = 1; c < k; c++) {
            double[] best = nearest;
            double least = Double.POSITIVE_INFINITY;
            for (int trial = 0; trial < trials; trial++) {
                double[] candidate = points[draw(nearest, random)];
                double[] left = capped(points, candidate, nearest);
                double inertia = Arrays.stream(left).sum();
                if (inertia < least) {
                    least = inertia;
                    best = left;
                    centers[c] = candidate.clone();
                }
            }
            nearest = best;
        }
        return centers;
    }

    private static double[] infinite(int size) {
        var distances = new double[size];
        Arrays.fill(distances, Double.POSITIVE_INFINITY);
        return distances;
    }

    /** The squared distances from a center, where they are less than those given. */
    private static double[] capped(double[][] points, double[] center, double[] most) {
        return IntStream.range(0, points.length)
                .parallel()
                .mapToDouble(i -> Math.min(most[i], Rows.squaredDistance(points[i], center)))
                .toArray();
    }

    private static int draw(double[] weights, SplittableRandom random) {
        double left = random.nextDouble() * Arrays.stream(weights).sum();
        for (int i = 0; i < weights.length; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        return random.nextInt(weights.length); // all rows stand on centers
    }

    /** The nearest center of each row. */
    public int[] assign(double[][] rows) {
        return Arrays.stream(rows).mapToInt(row -> nearest(row, centers)).toArray();
    }

    private static int nearest(double[] row, double[][] centers) {
        int nearest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int c = 0; c < centers.length; c++) {
            double distance = Rows.squaredDistance(row, centers[c]);
            if (distance < least) {
                least = distance;
                nearest = c;
            }
        }
        return nearest;
    }

    /** One run: rows to their nearest centers, centers to their rows' means, until nothing moves. */
    private static final class Lloyd {
        private final double[][] points;
        private final double[][] centers;
        private int[] clusters = new int[0];

        Lloyd(double[][] points, double[][] centers) {
            this.points = points;
            this.centers = centers;
        }

        KMeans run(int iterations, double stillness) {
            for (int i = 0; i < iterations; i++) {
                int[] before = clusters;
                assign();
                if (moveCenters() <= stillness || Arrays.equals(before, clusters)) {
                    break;
                }
            }
            assign();
            double inertia = 0;
            for (int i = 0; i < points.length; i++) {
                inertia += distance(i);
            }
            return new KMeans(centers, clusters, inertia);
        }

        private void assign() {
            clusters = Arrays.stream(points)
                    .parallel()
                    .mapToInt(point -> nearest(point, centers))
                    .toArray();
        }

        private double distance(int point) {
            return Rows.squaredDistance(points[point], centers[clusters[point]]);
        }

        /** By how much, squared. */
        private double moveCenters() {
            var sizes = new int[centers.length];
            for (int cluster : clusters) {
                sizes[cluster]++;
            }
            for (int c = 0; c < centers.length; c++) {
                if (sizes[c] == 0) {
                    fill(c, sizes);
                }
            }
            var means = new double[centers.length][centers[0].length];
            for (int i = 0; i < points.length; i++) {
                double[] mean = means[clusters[i]];
                for (int j = 0; j < mean.length; j++) {
                    mean[j] += points[i][j] / sizes[clusters[i]];
                }
            }
            double moved = 0;
            for (int c = 0; c < centers.length; c++) {
                moved += Rows.squaredDistance(centers[c], means[c]);
                centers[c] = means[c];
            }
            return moved;
        }

        /** An empty cluster takes the row that is furthest from its center, of those that do not stand alone. */
        private void fill(int empty, int[] sizes) {
            int furthest = IntStream.range(0, points.length)
                    .filter(i -> sizes[clusters[i]] > 1)
                    .boxed()
                    .max((a, b) -> Double.compare(distance(a), distance(b)))
                    .orElseThrow();
            sizes[clusters[furthest]]--;
            sizes[empty]++;
            clusters[furthest] = empty;
            centers[empty] = points[furthest].clone();
        }
    }
}
