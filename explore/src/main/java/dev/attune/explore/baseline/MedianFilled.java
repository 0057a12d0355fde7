package dev.attune.explore.baseline;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Baselines on rows with missing values (NaN), which are replaced by the medians of the rows that are fitted on, as
 * scikit-learn's SimpleImputer does; 0 for a column without any.
 */
public final class MedianFilled {
    private MedianFilled() {}

    /** A classifier under its own name. */
    public static Baseline<double[]> of(Baseline<double[]> baseline) {
        return new Baseline<>() {
            @Override
            public String name() {
                return baseline.name();
            }

            @Override
            public Baseline.Fitted<double[]> fit(List<double[]> rows, int[] labels, int classes) {
                double[] medians = medians(rows);
                var fitted = baseline.fit(filled(rows, medians), labels, classes);
                return new Baseline.Fitted<>() {
                    @Override
                    public double[][] probabilities(List<double[]> others) {
                        return fitted.probabilities(filled(others, medians));
                    }

                    @Override
                    public long numbers() {
                        return fitted.numbers();
                    }
                };
            }
        };
    }

    /** A regression under its own name. */
    public static Regression of(Regression regression) {
        return new Regression() {
            @Override
            public String name() {
                return regression.name();
            }

            @Override
            public Regression.Fitted fit(double[][] rows, double[] targets) {
                double[] medians = medians(Arrays.asList(rows));
                var fitted = regression.fit(filled(rows, medians), targets);
                return others -> fitted.predict(filled(others, medians));
            }
        };
    }

    private static double[] medians(List<double[]> rows) {
        return IntStream.range(0, rows.isEmpty() ? 0 : rows.get(0).length)
                .mapToDouble(c -> median(rows.stream()
                        .mapToDouble(row -> row[c])
                        .filter(x -> !Double.isNaN(x))
                        .sorted()
                        .toArray()))
                .toArray();
    }

    private static double median(double[] sorted) {
        int n = sorted.length;
        return n == 0 ? 0 : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    private static double[][] filled(double[][] rows, double[] medians) {
        return filled(Arrays.asList(rows), medians).toArray(double[][]::new);
    }

    private static List<double[]> filled(List<double[]> rows, double[] medians) {
        return rows.stream()
                .map(row -> IntStream.range(0, row.length)
                        .mapToDouble(c -> Double.isNaN(row[c]) ? medians[c] : row[c])
                        .toArray())
                .toList();
    }
}
