package dev.attune.explore.projection;

import dev.attune.explore.matrix.Rows;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * Principal components (Pearson 1901): the orthogonal directions along which rows differ most, as scikit-learn's PCA
 * gives them. The entry of a component that is largest by absolute value is positive.
 */
public final class Pca {
    private final double[] means;
    private final double[][] components;
    private final double[] explainedVariance;
    private final double[] explainedVarianceRatio;

    private Pca(double[] means, double[][] components, double[] explainedVariance, double[] explainedVarianceRatio) {
        this.means = means;
        this.components = components;
        this.explainedVariance = explainedVariance;
        this.explainedVarianceRatio = explainedVarianceRatio;
    }

    /** The columns' means, which are subtracted first. */
    public double[] means() {
        return means;
    }

    /** The directions: components x columns, of unit length, by falling variance. */
    public double[][] components() {
        return components;
    }

    /** The rows' variance along each component, with n - 1 in the denominator. */
    public double[] explainedVariance() {
        return explainedVariance;
    }

    /** The same as shares of all columns' variance. */
    public double[] explainedVarianceRatio() {
        return explainedVarianceRatio;
    }

    /**
     * The first components of the rows.
     *
     * @param rows at least two, without missing values
     * @param count how many components, at most the smaller of rows and columns
     * @throws InputException when there are too few rows, a value is not finite, or no column varies
     */
    public static Pca fit(double[][] rows, int count) {
        int columns = Rows.requireFinite(rows, 2);
        if (count < 1 || count > Math.min(columns, rows.length)) {
            throw new InputException(count + " components were asked for; " + rows.length + " rows of " + columns
                    + " columns have 1 to " + Math.min(columns, rows.length) + ".");
        }
        double[] means = Rows.means(rows);
        var centered = new DMatrixRMaj(rows.length, columns);
        double sum = 0;
        for (int r = 0; r < rows.length; r++) {
            for (int c = 0; c < columns; c++) {
                double value = rows[r][c] - means[c];
                centered.set(r, c, value);
                sum += value * value;
            }
        }
        if (sum == 0) {
            throw new InputException("All " + rows.length + " rows are equal; there is no direction to find.");
        }
        double total = sum / (rows.length - 1);
        List<Direction> directions =
                (columns <= rows.length ? ofCovariance(centered) : ofSingularVectors(centered)).subList(0, count);
        return new Pca(
                means,
                directions.stream().map(Direction::signed).toArray(double[][]::new),
                directions.stream().mapToDouble(d -> d.variance).toArray(),
                directions.stream().mapToDouble(d -> d.variance / total).toArray());
    }

    private static final class Direction {
        private final double variance;
        private final double[] vector;

        Direction(double variance, double[] vector) {
            this.variance = variance;
            this.vector = vector;
        }

        double[] signed() {
            int largest = 0;
            for (int c = 1; c < vector.length; c++) {
                largest = Math.abs(vector[c]) > Math.abs(vector[largest]) ? c : largest;
            }
            double sign = vector[largest] < 0 ? -1 : 1;
            return IntStream.range(0, vector.length)
                    .mapToDouble(c -> sign * vector[c])
                    .toArray();
        }
    }

    /** Cheap for many rows: the matrix that is decomposed is columns x columns. */
    private static List<Direction> ofCovariance(DMatrixRMaj centered) {
        int columns = centered.numCols;
        var covariance = new DMatrixRMaj(columns, columns);
        CommonOps_DDRM.multInner(centered, covariance);
        CommonOps_DDRM.scale(1.0 / (centered.numRows - 1), covariance);
        var eigen = DecompositionFactory_DDRM.eig(columns, true, true);
        if (!eigen.decompose(covariance)) {
            throw new InputException("The columns' covariance has no eigenvalues that could be computed; scale them.");
        }
        return IntStream.range(0, columns)
                .mapToObj(i -> new Direction(
                        Math.max(0, eigen.getEigenvalue(i).getReal()),
                        eigen.getEigenVector(i).getData().clone()))
                .sorted((a, b) -> Double.compare(b.variance, a.variance))
                .toList();
    }

    private static List<Direction> ofSingularVectors(DMatrixRMaj centered) {
        int freedom = centered.numRows - 1;
        var svd = DecompositionFactory_DDRM.svd(centered.numRows, centered.numCols, false, true, true);
        if (!svd.decompose(centered)) {
            throw new InputException("The rows have no singular values that could be computed; scale the columns.");
        }
        double[] values = svd.getSingularValues();
        DMatrixRMaj vectors = svd.getV(null, true); // (components, columns)
        return IntStream.range(0, Math.min(svd.numberOfSingularValues(), centered.numRows))
                .mapToObj(i -> new Direction(
                        values[i] * values[i] / freedom,
                        CommonOps_DDRM.extractRow(vectors, i, null).getData().clone()))
                .sorted((a, b) -> Double.compare(b.variance, a.variance))
                .toList();
    }

    /** The rows' coordinates along the components: rows x components. */
    public double[][] transform(double[][] rows) {
        return Arrays.stream(rows).map(this::transform).toArray(double[][]::new);
    }

    private double[] transform(double[] row) {
        if (row.length != means.length) {
            throw new IllegalArgumentException("A row of " + row.length + " columns; PCA saw " + means.length);
        }
        var scores = new double[components.length];
        for (int k = 0; k < scores.length; k++) {
            for (int c = 0; c < row.length; c++) {
                scores[k] += (row[c] - means[c]) * components[k][c];
            }
        }
        return scores;
    }

    /** Each column's covariance with each component's unit-variance score, as a biplot draws it: columns x components. */
    public double[][] loadings() {
        var loadings = new double[means.length][components.length];
        for (int c = 0; c < means.length; c++) {
            for (int k = 0; k < components.length; k++) {
                loadings[c][k] = components[k][c] * Math.sqrt(explainedVariance[k]);
            }
        }
        return loadings;
    }
}
