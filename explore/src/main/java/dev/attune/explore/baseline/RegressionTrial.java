package dev.attune.explore.baseline;

import dev.attune.data.Folds;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A regression's test.
 *
 * @param predictions of the rows tested, in their order
 * @param fitSeconds of one model
 */
public record RegressionTrial(
        String name, RegressionEvaluation evaluation, List<Double> predictions, double fitSeconds) {
    public RegressionTrial {
        predictions = List.copyOf(predictions);
    }

    /** Fits on all rows but these, tests on these. */
    public static RegressionTrial of(
            Regression regression, List<double[]> rows, double[] targets, int[] tested, long seed) {
        return of(regression, rows, targets, List.of(tested), seed);
    }

    /**
     * Cross-validation: every row is predicted by a model that has not seen it.
     *
     * @param seed of the folds and of the confidence intervals
     */
    public static RegressionTrial crossValidated(
            Regression regression, List<double[]> rows, double[] targets, int folds, long seed) {
        return of(regression, rows, targets, Folds.stratified(new int[targets.length], folds, seed), seed);
    }

    private static RegressionTrial of(
            Regression regression, List<double[]> rows, double[] targets, List<int[]> folds, long seed) {
        if (rows.size() != targets.length) {
            throw new InputException(targets.length + " targets for " + rows.size() + " rows cannot be tested.");
        }
        int[] tested = folds.stream().flatMapToInt(Arrays::stream).sorted().toArray();
        double[] all = new double[targets.length];
        long nanos = 0;
        for (int[] fold : folds) {
            int[] fitted = Folds.others(targets.length, fold);
            long started = System.nanoTime();
            var model = regression.fit(
                    select(rows, fitted),
                    IntStream.of(fitted).mapToDouble(row -> targets[row]).toArray());
            nanos += System.nanoTime() - started;
            double[] predicted = model.predict(select(rows, fold));
            for (int i = 0; i < fold.length; i++) {
                all[fold[i]] = predicted[i];
            }
        }
        double[] truth = IntStream.of(tested).mapToDouble(row -> targets[row]).toArray();
        double[] predictions = IntStream.of(tested).mapToDouble(row -> all[row]).toArray();
        return new RegressionTrial(
                regression.name(),
                RegressionEvaluation.of(truth, predictions, seed),
                Arrays.stream(predictions).boxed().toList(),
                nanos / 1e9 / folds.size());
    }

    private static double[][] select(List<double[]> rows, int[] chosen) {
        return IntStream.of(chosen).mapToObj(rows::get).toArray(double[][]::new);
    }
}
