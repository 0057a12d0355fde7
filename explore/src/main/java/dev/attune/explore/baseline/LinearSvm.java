package dev.attune.explore.baseline;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import dev.attune.data.Folds;
import dev.attune.explore.matrix.SparseRows;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Linear support vector machine by LIBLINEAR (Fan et al. 2008): squared hinge loss, one class against the rest, as scikit-learn's
 * LinearSVC. Its margins are made probabilities by one temperature, fitted on margins of rows that were held out (Guo et al.
 * 2017), which leaves the predicted labels as they are.
 *
 * @param c how dear a row on the wrong side is: C of scikit-learn
 */
public record LinearSvm(double c) implements VectorClassifier {
    private static final double TOLERANCE = 1e-4;
    private static final int FOLDS = 3;
    private static final long SEED = 1;

    public LinearSvm {
        if (!(c > 0)) {
            throw new InputException("C of a support vector machine is " + c + "; it is greater than 0.");
        }
    }

    @Override
    public Fitted fit(SparseRows rows, int[] labels, int classes) {
        double sharpness = sharpness(rows, labels, classes);
        var scores = margins(rows, labels, classes);
        return new Fitted() {
            @Override
            public double[][] probabilities(SparseRows others) {
                return scores.probabilities(others, sharpness);
            }

            @Override
            public long numbers() {
                return scores.numbers() + 1;
            }
        };
    }

    LinearScores margins(SparseRows rows, int[] labels, int classes) {
        var problem = new Problem();
        problem.l = rows.size();
        problem.n = rows.columns() + 1;
        problem.bias = 1;
        problem.x = IntStream.range(0, rows.size())
                .mapToObj(row -> features(rows, row))
                .toArray(Feature[][]::new);
        problem.y = Arrays.stream(labels).asDoubleStream().toArray();
        Linear.disableDebugOutput(); // or it prints
        Model model = Linear.train(problem, new Parameter(SolverType.L2R_L2LOSS_SVC, c, TOLERANCE));
        return byLabel(model, rows.columns(), classes);
    }

    /** LIBLINEAR counts columns from 1; the last is the constant that the intercept belongs to. */
    private static Feature[] features(SparseRows rows, int row) {
        int start = rows.start(row);
        var features = new Feature[rows.start(row + 1) - start + 1];
        for (int i = 0; i < features.length - 1; i++) {
            features[i] = new FeatureNode(rows.column(start + i) + 1, rows.value(start + i));
        }
        features[features.length - 1] = new FeatureNode(rows.columns() + 1, 1);
        return features;
    }

    /** LIBLINEAR has the labels in the order it met them; of two, it gives the scores of the first. */
    private static LinearScores byLabel(Model model, int columns, int classes) {
        double[] found = model.getFeatureWeights(); // (columns + 1) x outputs
        int[] order = model.getLabels();
        int outputs = classes == 2 ? 1 : classes;
        var weights = new double[columns * outputs];
        var intercepts = new double[outputs];
        for (int k = 0; k < outputs; k++) {
            int to = classes == 2 ? 0 : order[k];
            double sign = classes == 2 && order[0] == 0 ? -1 : 1;
            for (int column = 0; column < columns; column++) {
                weights[column * outputs + to] = sign * found[column * outputs + k];
            }
            intercepts[to] = sign * found[columns * outputs + k];
        }
        return new LinearScores(weights, intercepts);
    }

    /** By how much margins are multiplied: the least log loss on held-out rows; 1 where a class is too rare to hold rows out. */
    private double sharpness(SparseRows rows, int[] labels, int classes) {
        var counts = new int[classes];
        for (int label : labels) {
            counts[label]++;
        }
        if (Arrays.stream(counts).min().orElse(0) < FOLDS) {
            return 1;
        }
        List<int[]> folds = Folds.stratified(labels, FOLDS, SEED);
        var heldOut = new double[labels.length][];
        for (int[] fold : folds) {
            int[] others = Folds.others(labels.length, fold);
            var scores = margins(
                    rows.select(others),
                    Arrays.stream(others).map(row -> labels[row]).toArray(),
                    classes);
            for (int row : fold) {
                heldOut[row] = scores.of(rows, row);
            }
        }
        return Temperature.sharpness(heldOut, labels);
    }
}
