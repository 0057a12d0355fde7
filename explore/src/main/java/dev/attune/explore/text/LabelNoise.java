package dev.attune.explore.text;

import dev.attune.explore.baseline.Baseline;
import dev.attune.explore.baseline.Labelled;
import dev.attune.explore.baseline.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Rows whose label may be wrong, by confident learning (Northcutt, Jiang and Chuang 2021): a row counts under another label
 * where a model that has not seen it gives that label at least the mean probability of the rows that have it.
 *
 * @param candidates the surest first
 * @param confident rows by label (first index) and the label they count under, in the order of {@code labels}; rows that count
 *     under none are left out
 */
public record LabelNoise(List<String> labels, List<Candidate> candidates, List<List<Integer>> confident) {
    /**
     * A row to look at.
     *
     * @param row from 0
     * @param probability what the model gives its label
     * @param suggestedProbability what it gives the other
     */
    public record Candidate(int row, String label, double probability, String suggested, double suggestedProbability) {}

    public LabelNoise {
        labels = List.copyOf(labels);
        candidates = List.copyOf(candidates);
        confident = confident.stream().map(List::copyOf).toList();
    }

    /**
     * By a baseline's cross-validated probabilities.
     *
     * @param seed of the folds
     */
    public static <X> LabelNoise of(Labelled<X> data, Baseline<X> baseline, int folds, long seed) {
        var rows = Trial.crossValidated(baseline, data, folds, seed)
                .result()
                .predictions()
                .rows();
        double[][] probabilities = rows.stream()
                .map(row -> row.probabilities().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray())
                .toArray(double[][]::new);
        return of(data.names(), data.labels(), probabilities);
    }

    /**
     * By probabilities that come from models that have not seen the rows.
     *
     * @param labels of the rows, as positions in {@code names}
     * @param probabilities (rows, labels)
     */
    public static LabelNoise of(List<String> names, int[] labels, double[][] probabilities) {
        double[] thresholds = thresholds(names.size(), labels, probabilities);
        int[][] confident = new int[names.size()][names.size()];
        var candidates = new ArrayList<Candidate>();
        for (int row = 0; row < labels.length; row++) {
            int counted = countedUnder(probabilities[row], thresholds);
            if (counted < 0) {
                continue;
            }
            confident[labels[row]][counted]++;
            if (counted != labels[row]) {
                candidates.add(new Candidate(
                        row,
                        names.get(labels[row]),
                        probabilities[row][labels[row]],
                        names.get(counted),
                        probabilities[row][counted]));
            }
        }
        candidates.sort(Comparator.comparingDouble(c -> c.probability - c.suggestedProbability));
        return new LabelNoise(
                names,
                candidates,
                Arrays.stream(confident)
                        .map(counts -> Arrays.stream(counts).boxed().toList())
                        .toList());
    }

    /** The mean probability of each label among the rows that have it; beyond reach for a label without rows. */
    private static double[] thresholds(int classes, int[] labels, double[][] probabilities) {
        double[] sums = new double[classes];
        int[] counts = new int[classes];
        for (int row = 0; row < labels.length; row++) {
            sums[labels[row]] += probabilities[row][labels[row]];
            counts[labels[row]]++;
        }
        for (int k = 0; k < classes; k++) {
            sums[k] = counts[k] == 0 ? Double.POSITIVE_INFINITY : sums[k] / counts[k];
        }
        return sums;
    }

    /** The most probable label that reaches its threshold, or -1. */
    private static int countedUnder(double[] probabilities, double[] thresholds) {
        int best = -1;
        for (int k = 0; k < thresholds.length; k++) {
            if (probabilities[k] >= thresholds[k] && (best < 0 || probabilities[k] > probabilities[best])) {
                best = k;
            }
        }
        return best;
    }
}
