package dev.attune.explore.projection;

import dev.attune.explore.matrix.Rows;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * t-SNE in two dimensions with Barnes and Hut's approximation (van der Maaten 2014, "Accelerating t-SNE using Tree-Based
 * Algorithms"), with scikit-learn's settings: exaggerated for 250 iterations, momentum 0.5, then 0.8, adaptive gains, begun
 * from the principal components. The same rows and options give the same picture on any number of cores.
 */
public final class Tsne {
    private static final int EXAGGERATED = 250;
    private static final double START_DEVIATION = 1e-4;
    private static final double SMALLEST_GAIN = 0.01;

    private final TsneOptions options;
    private final Affinities affinities;
    private final double[] x;
    private final double[] y;
    private final QuadTree tree;
    private final double[] attractionX;
    private final double[] attractionY;
    private final double[] repulsionX;
    private final double[] repulsionY;
    private final double[] normalisers;

    /**
     * A picture and how well it fits.
     *
     * @param divergence Kullback-Leibler divergence of the picture's neighbourhoods from the rows', 0 at best
     */
    public record Result(List<Point> points, double divergence) {}

    /**
     * Places each row.
     *
     * @param rows at least four, without missing values; of many columns, their first 50 principal components do as well
     * @throws InputException when there are fewer rows than the perplexity, or a value is not finite
     */
    public static Result fit(double[][] rows, TsneOptions options) {
        Rows.requireFinite(rows, 4);
        if (options.perplexity() >= rows.length) {
            throw new InputException("A perplexity of " + options.perplexity()
                    + " needs more than that many rows; there are " + rows.length + ".");
        }
        return new Tsne(rows, options).run();
    }

    private Tsne(double[][] rows, TsneOptions options) {
        this.options = options;
        affinities = Affinities.of(rows, options.perplexity());
        int n = rows.length;
        x = new double[n];
        y = new double[n];
        start(rows);
        tree = new QuadTree(x, y);
        attractionX = new double[n];
        attractionY = new double[n];
        repulsionX = new double[n];
        repulsionY = new double[n];
        normalisers = new double[n];
    }

    private void start(double[][] rows) {
        if (options.start() == TsneOptions.Start.RANDOM) {
            var random = new Random(options.seed());
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextGaussian() * START_DEVIATION;
                y[i] = random.nextGaussian() * START_DEVIATION;
            }
            return;
        }
        var pca = Pca.fit(rows, Math.min(2, rows[0].length));
        double[][] scores = pca.transform(rows);
        double scale = START_DEVIATION / Math.sqrt(pca.explainedVariance()[0]);
        for (int i = 0; i < x.length; i++) {
            x[i] = scores[i][0] * scale;
            y[i] = scores[i].length > 1 ? scores[i][1] * scale : 0;
        }
    }

    private Result run() {
        double rate = options.learningRate() > 0
                ? options.learningRate()
                : Math.max(x.length / options.earlyExaggeration() / 4, 50);
        int exaggerated = Math.min(EXAGGERATED, options.iterations());
        descend(exaggerated, options.earlyExaggeration(), 0.5, rate);
        descend(options.iterations() - exaggerated, 1, 0.8, rate);
        tree.build();
        double normaliser = forces();
        return new Result(
                IntStream.range(0, x.length)
                        .mapToObj(i -> new Point(x[i], y[i]))
                        .toList(),
                divergence(normaliser));
    }

    private void descend(int iterations, double exaggeration, double momentum, double rate) {
        var alongX = new Descent(x.length, momentum, rate);
        var alongY = new Descent(y.length, momentum, rate);
        for (int i = 0; i < iterations; i++) {
            tree.build();
            double normaliser = forces();
            alongX.step(x, attractionX, exaggeration, repulsionX, normaliser);
            alongY.step(y, attractionY, exaggeration, repulsionY, normaliser);
        }
    }

    /** Fills in what pulls and pushes each point, and gives the sum that the repulsion is divided by. */
    private double forces() {
        int chunks = Math.min(x.length, 64);
        IntStream.range(0, chunks).parallel().forEach(chunk -> {
            var repulsion = new QuadTree.Repulsion();
            int end = (int) ((long) x.length * (chunk + 1) / chunks);
            for (int i = (int) ((long) x.length * chunk / chunks); i < end; i++) {
                attract(i);
                tree.repel(i, options.angle(), repulsion);
                repulsionX[i] = repulsion.forceX;
                repulsionY[i] = repulsion.forceY;
                normalisers[i] = repulsion.normaliser;
            }
        });
        double sum = 0;
        for (double normaliser : normalisers) {
            sum += normaliser;
        }
        return sum;
    }

    private void attract(int i) {
        double forceX = 0;
        double forceY = 0;
        for (int at = affinities.starts()[i]; at < affinities.starts()[i + 1]; at++) {
            int j = affinities.partners()[at];
            double dx = x[i] - x[j];
            double dy = y[i] - y[j];
            double weight = affinities.values()[at] / (1 + dx * dx + dy * dy);
            forceX += weight * dx;
            forceY += weight * dy;
        }
        attractionX[i] = forceX;
        attractionY[i] = forceY;
    }

    private double divergence(double normaliser) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            for (int at = affinities.starts()[i]; at < affinities.starts()[i + 1]; at++) {
                int j = affinities.partners()[at];
                double dx = x[i] - x[j];
                double dy = y[i] - y[j];
                double p = affinities.values()[at];
                if (p > 0) {
                    sum += p * Math.log(p * normaliser * (1 + dx * dx + dy * dy));
                }
            }
        }
        return sum;
    }

    /** Gradient descent with momentum and a gain for each coordinate (Jacobs 1988), along one axis. */
    private static final class Descent {
        private final double momentum;
        private final double rate;
        private final double[] update;
        private final double[] gain;

        Descent(int size, double momentum, double rate) {
            this.momentum = momentum;
            this.rate = rate;
            update = new double[size];
            gain = new double[size];
            Arrays.fill(gain, 1);
        }

        void step(double[] place, double[] attraction, double exaggeration, double[] repulsion, double normaliser) {
            for (int i = 0; i < place.length; i++) {
                double gradient = 4 * (exaggeration * attraction[i] - repulsion[i] / normaliser);
                boolean goesOn = update[i] * gradient < 0; // updates go against the gradient
                gain[i] = Math.max(goesOn ? gain[i] + 0.2 : gain[i] * 0.8, SMALLEST_GAIN);
                update[i] = momentum * update[i] - rate * gain[i] * gradient;
                place[i] += update[i];
            }
        }
    }
}
