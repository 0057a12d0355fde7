package dev.attune.explore.baseline;

import dev.attune.explore.matrix.Rows;
import dev.attune.files.InputException;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;

/**
 * Least squares with an intercept, as scikit-learn's LinearRegression; with {@code alpha} above 0 its Ridge.
 *
 * @param alpha what the squared weights are multiplied by in the loss
 */
public record LinearRegression(double alpha) implements Regression {
    public LinearRegression {
        if (!(alpha >= 0)) {
            throw new InputException("alpha of a ridge regression is " + alpha + "; it is 0 or more.");
        }
    }

    @Override
    public String name() {
        return alpha == 0 ? "linear" : "ridge";
    }

    @Override
    public Regression.Fitted fit(double[][] rows, double[] targets) {
        int columns = Rows.requireFinite(rows, 2);
        double[] means = Rows.means(rows);
        double mean = Arrays.stream(targets).average().orElse(0);
        var x = new DMatrixRMaj(rows.length, columns);
        var y = new DMatrixRMaj(rows.length, 1);
        for (int r = 0; r < rows.length; r++) {
            for (int c = 0; c < columns; c++) {
                x.set(r, c, rows[r][c] - means[c]);
            }
            y.set(r, 0, targets[r] - mean);
        }
        double[] weights = (alpha == 0 ? leastSquares(x, y) : ridge(x, y)).getData();
        return others -> Arrays.stream(others)
                .mapToDouble(row -> {
                    double sum = mean;
                    for (int c = 0; c < columns; c++) {
                        sum += weights[c] * (row[c] - means[c]);
                    }
                    return sum;
                })
                .toArray();
    }

    /** By QR with pivots, which also stands columns that depend on each other. */
    private static DMatrixRMaj leastSquares(DMatrixRMaj x, DMatrixRMaj y) {
        var weights = new DMatrixRMaj(x.numCols, 1);
        var solver = LinearSolverFactory_DDRM.leastSquaresQrPivot(true, false);
        if (x.numRows <= x.numCols || !solver.setA(x)) {
            throw new InputException("A linear regression needs more rows than the " + x.numCols
                    + " columns, and columns " + "that vary; ridge does with less.");
        }
        solver.solve(y, weights);
        return weights;
    }

    private DMatrixRMaj ridge(DMatrixRMaj x, DMatrixRMaj y) {
        var gram = new DMatrixRMaj(x.numCols, x.numCols);
        CommonOps_DDRM.multInner(x, gram);
        for (int c = 0; c < x.numCols; c++) {
            gram.add(c, c, alpha);
        }
        var moments = new DMatrixRMaj(x.numCols, 1);
        CommonOps_DDRM.multTransA(x, y, moments);
        var weights = new DMatrixRMaj(x.numCols, 1);
        var solver = LinearSolverFactory_DDRM.symmPosDef(x.numCols);
        if (!solver.setA(gram)) {
            throw new InputException("The ridge regression cannot be solved; a larger alpha or scaled columns help.");
        }
        solver.solve(moments, weights);
        return weights;
    }
}
