package dev.attune.explore.baseline;

import dev.attune.explore.matrix.Rows;
import dev.attune.explore.matrix.SparseRows;
import dev.attune.explore.table.Scaler;
import java.util.List;

/**
 * A classifier on dense rows.
 *
 * @param standardised whether columns are first brought to mean 0 and deviation 1, as those of a table are; embeddings are
 *     taken as they are
 */
record DenseBaseline(String name, boolean standardised, VectorClassifier classifier) implements Baseline<double[]> {
    @Override
    public Fitted<double[]> fit(List<double[]> rows, int[] labels, int classes) {
        double[][] data = rows.toArray(double[][]::new);
        int columns = Rows.requireFinite(data, 1);
        var scaler = Scaler.fit(Scaler.Method.STANDARD, data);
        var fitted = classifier.fit(sparse(data, scaler), labels, classes);
        return new Fitted<>() {
            @Override
            public double[][] probabilities(List<double[]> others) {
                return fitted.probabilities(sparse(others.toArray(double[][]::new), scaler));
            }

            @Override
            public long numbers() {
                return fitted.numbers() + (standardised ? 2L * columns : 0);
            }
        };
    }

    private SparseRows sparse(double[][] rows, Scaler scaler) {
        return SparseRows.of(standardised ? scaler.transform(rows) : rows);
    }
}
