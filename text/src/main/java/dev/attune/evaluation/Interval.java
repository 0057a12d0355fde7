package dev.attune.evaluation;

import java.util.Arrays;

/** A 95 % confidence interval. */
public record Interval(double low, double high) {

    /** From the 2.5th to the 97.5th percentile of bootstrap samples, linear between neighbours as numpy's percentile. */
    public static Interval ofSamples(double[] samples) {
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        return new Interval(percentile(sorted, 0.025), percentile(sorted, 0.975));
    }

    private static double percentile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
