package dev.attune.explore.outlier;

import dev.attune.explore.table.Quantiles;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The rows that an isolation forest flags.
 *
 * @param scores of all rows, in order
 * @param threshold a row is flagged when its score is greater
 * @param flagged row ids, the strangest first
 */
public record Outliers(List<Double> scores, double threshold, List<Integer> flagged) {
    /** The score above which the paper calls a row an outlier where the share of them is not known. */
    private static final double UNKNOWN_SHARE =
            0.5 + 1e-9; // where all rows are equal, rounding leaves some above a half

    public Outliers {
        scores = List.copyOf(scores);
        flagged = List.copyOf(flagged);
    }

    /** Flags every row with a score above 0.5. */
    public static Outliers find(double[][] rows, long seed) {
        return above(IsolationForest.fit(rows, seed).scores(rows), UNKNOWN_SHARE);
    }

    /**
     * Flags that share of the rows.
     *
     * @param contamination above 0, at most 0.5
     */
    public static Outliers find(double[][] rows, double contamination, long seed) {
        if (!(contamination > 0 && contamination <= 0.5)) {
            throw new InputException("The contamination is " + contamination
                    + "; it is the share of outliers, above 0 and at most 0.5.");
        }
        double[] scores = IsolationForest.fit(rows, seed).scores(rows);
        double[] sorted = Arrays.stream(scores).sorted().toArray();
        return above(scores, Quantiles.ofSorted(sorted, 1 - contamination));
    }

    private static Outliers above(double[] scores, double threshold) {
        var flagged = IntStream.range(0, scores.length)
                .filter(row -> scores[row] > threshold)
                .boxed()
                .sorted((a, b) -> Double.compare(scores[b], scores[a]))
                .toList();
        return new Outliers(Arrays.stream(scores).boxed().toList(), threshold, flagged);
    }
}
