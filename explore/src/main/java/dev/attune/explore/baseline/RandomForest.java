package dev.attune.explore.baseline;

import dev.attune.explore.tree.Forest;
import java.util.Arrays;
import java.util.List;

/** A random forest on the columns of a table, for classes or numbers; 100 trees as in scikit-learn. */
public record RandomForest(int trees, long seed) implements Baseline<double[]>, Regression {
    @Override
    public String name() {
        return "random-forest";
    }

    @Override
    public Baseline.Fitted<double[]> fit(List<double[]> rows, int[] labels, int classes) {
        var forest = Forest.classes(rows.toArray(double[][]::new), labels, classes, trees, seed);
        return new Baseline.Fitted<>() {
            @Override
            public double[][] probabilities(List<double[]> others) {
                return forest.predict(others.toArray(double[][]::new));
            }

            @Override
            public long numbers() {
                return forest.size();
            }
        };
    }

    @Override
    public Regression.Fitted fit(double[][] rows, double[] targets) {
        var forest = Forest.numbers(rows, targets, trees, seed);
        return others -> Arrays.stream(forest.predict(others))
                .mapToDouble(outputs -> outputs[0])
                .toArray();
    }
}
