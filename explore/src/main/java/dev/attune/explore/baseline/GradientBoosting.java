package dev.attune.explore.baseline;

import dev.attune.explore.tree.Boosting;
import java.util.Arrays;
import java.util.List;

/** Gradient-boosted trees on the columns of a table, for classes or numbers. */
public record GradientBoosting(Boosting.Options options) implements Baseline<double[]>, Regression {
    @Override
    public String name() {
        return "gradient-boosting";
    }

    @Override
    public Baseline.Fitted<double[]> fit(List<double[]> rows, int[] labels, int classes) {
        var boosted = Boosting.classes(rows.toArray(double[][]::new), labels, classes, options);
        return new Baseline.Fitted<>() {
            @Override
            public double[][] probabilities(List<double[]> others) {
                return Arrays.stream(boosted.scores(others.toArray(double[][]::new)))
                        .map(LinearScores::probabilities)
                        .toArray(double[][]::new);
            }

            @Override
            public long numbers() {
                return boosted.size();
            }
        };
    }

    @Override
    public Regression.Fitted fit(double[][] rows, double[] targets) {
        var boosted = Boosting.numbers(rows, targets, options);
        return others -> Arrays.stream(boosted.scores(others))
                .mapToDouble(scores -> scores[0])
                .toArray();
    }
}
