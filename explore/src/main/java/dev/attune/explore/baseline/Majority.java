package dev.attune.explore.baseline;

import java.util.List;

/** Says the same of every row: how often each class stood in the rows it was fitted on. */
public final class Majority<X> implements Baseline<X> {
    @Override
    public String name() {
        return "majority";
    }

    @Override
    public Fitted<X> fit(List<X> rows, int[] labels, int classes) {
        var shares = new double[classes];
        for (int label : labels) {
            shares[label] += 1.0 / labels.length;
        }
        return new Fitted<>() {
            @Override
            public double[][] probabilities(List<X> others) {
                return others.stream().map(row -> shares.clone()).toArray(double[][]::new);
            }

            @Override
            public long numbers() {
                return classes;
            }
        };
    }
}
