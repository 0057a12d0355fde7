package dev.attune.explore.table;

import org.jspecify.annotations.Nullable;

/**
 * Where the numbers of a column lie, as pandas' {@code describe} has it: quartiles by linear interpolation, the standard
 * deviation of the sample (ddof 1).
 *
 * @param std {@code null} of a single value
 * @param iqrOutliers values further outside of the quartiles than 1.5 times their distance (Tukey 1977)
 * @param zOutliers values more than three standard deviations from the mean
 */
public record NumberSummary(
        double mean,
        @Nullable Double std,
        double min,
        double p25,
        double p50,
        double p75,
        double max,
        long iqrOutliers,
        long zOutliers) {
    NumberSummary withOutliers(long iqr, long z) {
        return new NumberSummary(mean, std, min, p25, p50, p75, max, iqr, z);
    }
}
