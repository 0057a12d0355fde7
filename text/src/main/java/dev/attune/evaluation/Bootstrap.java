package dev.attune.evaluation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Percentile bootstrap (Efron 1979): the rows are drawn again with replacement, {@value #RESAMPLES} times, and a
 * metric's interval runs from the 2.5th to the 97.5th percentile of what the samples give.
 */
final class Bootstrap {
    static final int RESAMPLES = 1000;
    static final List<String> METRICS = List.of("accuracy", "f1_macro", "f1_weighted", "mcc", "roc_auc", "log_loss");

    private final int classes;
    /** Each row's cell in the confusion matrix. */
    private final int[] cells;

    private final double[] logLosses;
    private final List<Ranking> rankings;

    Bootstrap(int classes, int[] cells, double[] logLosses, List<Ranking> rankings) {
        this.classes = classes;
        this.cells = cells;
        this.logLosses = logLosses;
        this.rankings = rankings;
    }

    /** By metric; one that is undefined in most samples has no interval. */
    Map<String, Interval> intervals(long seed) {
        var random = new SplittableRandom(seed);
        // Split in order, drawn in parallel: the same samples on any number of cores.
        SplittableRandom[] randoms =
                IntStream.range(0, RESAMPLES).mapToObj(i -> random.split()).toArray(SplittableRandom[]::new);
        double[][] samples =
                Arrays.stream(randoms).parallel().map(own -> score(draw(own))).toArray(double[][]::new);
        var intervals = new LinkedHashMap<String, Interval>();
        for (int metric = 0; metric < METRICS.size(); metric++) {
            int column = metric;
            double[] values = Arrays.stream(samples)
                    .mapToDouble(sample -> sample[column])
                    .filter(value -> !Double.isNaN(value))
                    .toArray();
            if (values.length > RESAMPLES / 2) {
                intervals.put(METRICS.get(metric), Interval.ofSamples(values));
            }
        }
        return intervals;
    }

    /** The {@link #METRICS} of the sample that holds each row {@code weights[row]} times; NaN where undefined. */
    double[] score(int[] weights) {
        var counts = new int[classes * classes];
        double loss = 0;
        long rows = 0;
        for (int row = 0; row < weights.length; row++) {
            counts[cells[row]] += weights[row];
            loss += weights[row] * logLosses[row];
            rows += weights[row];
        }
        var confusion = new Confusion(classes, counts);
        // A sample may miss a rare class altogether: its AUC is then the mean over the others.
        double rocAuc = rankings.stream()
                .mapToDouble(ranking -> ranking.rocAuc(weights))
                .filter(auc -> !Double.isNaN(auc))
                .average()
                .orElse(Double.NaN);
        return new double[] {
            confusion.accuracy(),
            confusion.macro().f1(),
            confusion.weighted().f1(),
            confusion.mcc(),
            rocAuc,
            loss / rows
        };
    }

    private int[] draw(SplittableRandom random) {
        var weights = new int[cells.length];
        for (int i = 0; i < weights.length; i++) {
            weights[random.nextInt(weights.length)]++;
        }
        return weights;
    }
}
