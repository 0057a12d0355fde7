package dev.attune.explore.baseline;

import dev.attune.evaluation.Interval;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How well predicted numbers fit the truth.
 *
 * @param r2 share of the truth's variance that the predictions explain; 0 for its mean, less for worse
 * @param rootMeanSquaredError in the target's unit
 * @param meanAbsoluteError in the target's unit
 * @param intervals 95 % percentile bootstrap intervals of r2, rmse and mae
 */
public record RegressionEvaluation(
        int n, double r2, double rootMeanSquaredError, double meanAbsoluteError, Map<String, Interval> intervals) {
    private static final int RESAMPLES = 1000;

    /** With intervals of {@value #RESAMPLES} resamples. */
    public static RegressionEvaluation of(double[] truth, double[] predictions, long seed) {
        if (truth.length == 0 || truth.length != predictions.length) {
            throw new InputException(
                    predictions.length + " predictions for " + truth.length + " rows cannot be evaluated.");
        }
        var once = new int[truth.length];
        Arrays.fill(once, 1);
        double[] figures = figures(truth, predictions, once);
        var random = new SplittableRandom(seed);
        var samples = new double[figures.length][RESAMPLES];
        for (int sample = 0; sample < RESAMPLES; sample++) {
            var weights = new int[truth.length];
            for (int i = 0; i < weights.length; i++) {
                weights[random.nextInt(weights.length)]++;
            }
            double[] drawn = figures(truth, predictions, weights);
            for (int f = 0; f < drawn.length; f++) {
                samples[f][sample] = drawn[f];
            }
        }
        var intervals = new LinkedHashMap<String, Interval>();
        intervals.put("r2", Interval.ofSamples(samples[0]));
        intervals.put("rmse", Interval.ofSamples(samples[1]));
        intervals.put("mae", Interval.ofSamples(samples[2]));
        return new RegressionEvaluation(truth.length, figures[0], figures[1], figures[2], intervals);
    }

    private static double[] figures(double[] truth, double[] predictions, int[] weights) {
        double rows = truth.length;
        double mean = 0;
        for (int i = 0; i < truth.length; i++) {
            mean += weights[i] * truth[i] / rows;
        }
        double squares = 0;
        double total = 0;
        double absolute = 0;
        for (int i = 0; i < truth.length; i++) {
            double error = truth[i] - predictions[i];
            squares += weights[i] * error * error;
            absolute += weights[i] * Math.abs(error);
            total += weights[i] * (truth[i] - mean) * (truth[i] - mean);
        }
        return new double[] {total == 0 ? 0 : 1 - squares / total, Math.sqrt(squares / rows), absolute / rows};
    }
}
