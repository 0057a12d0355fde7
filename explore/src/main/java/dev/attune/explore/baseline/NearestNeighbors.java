package dev.attune.explore.baseline;

import dev.attune.explore.matrix.Neighbors;
import dev.attune.explore.matrix.Rows;
import dev.attune.files.InputException;
import java.util.List;

/**
 * The classes of the k nearest rows, each with its share of them, as scikit-learn's KNeighborsClassifier with the cosine metric:
 * what embeddings are compared by.
 */
public record NearestNeighbors(int k) implements Baseline<double[]> {
    public NearestNeighbors {
        if (k < 1) {
            throw new InputException("k is " + k + "; it takes one neighbour or more.");
        }
    }

    @Override
    public String name() {
        return k + "-nearest-neighbours";
    }

    @Override
    public Fitted<double[]> fit(List<double[]> rows, int[] labels, int classes) {
        double[][] data = unitLength(rows);
        int columns = Rows.requireFinite(data, 1);
        int asked = Math.min(k, data.length);
        return new Fitted<>() {
            @Override
            public double[][] probabilities(List<double[]> others) {
                // Of vectors of length 1, the nearest by distance are the nearest by cosine.
                int[][] nearest = Neighbors.of(unitLength(others), data, asked).rows();
                var probabilities = new double[others.size()][classes];
                for (int query = 0; query < nearest.length; query++) {
                    for (int row : nearest[query]) {
                        probabilities[query][labels[row]] += 1.0 / asked;
                    }
                }
                return probabilities;
            }

            @Override
            public long numbers() {
                return (long) data.length * columns;
            }
        };
    }

    private static double[][] unitLength(List<double[]> rows) {
        return rows.stream().map(NearestNeighbors::unitLength).toArray(double[][]::new);
    }

    private static double[] unitLength(double[] row) {
        double squares = 0;
        for (double value : row) {
            squares += value * value;
        }
        double length = squares == 0 ? 1 : Math.sqrt(squares);
        var scaled = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            scaled[i] = row[i] / length;
        }
        return scaled;
    }
}
