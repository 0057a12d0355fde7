package dev.attune.explore.baseline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.data.Folds;
import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
        String name, RegressionEvaluation evaluation, List<Prediction> predictions, double fitSeconds) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /**
     * A row that was tested.
     *
     * @param row its place among the rows that have a target, from 1
     */
    public record Prediction(int row, double target, double predicted) {}

    private record Cost(double fitSeconds) {}

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

    /** Writes evaluation.json, predictions.jsonl (a line for each row tested) and cost.json into a folder. */
    public void write(Path folder) {
        try {
            var lines = new StringBuilder();
            for (Prediction prediction : predictions) {
                lines.append(JSON.writeValueAsString(prediction)).append('\n');
            }
            AtomicFile.writeString(folder.resolve("evaluation.json"), JSON.writeValueAsString(evaluation) + "\n");
            AtomicFile.writeString(folder.resolve("predictions.jsonl"), lines.toString());
            AtomicFile.writeString(folder.resolve("cost.json"), JSON.writeValueAsString(new Cost(fitSeconds)) + "\n");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
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
        var rowsTested = IntStream.of(tested)
                .mapToObj(row -> new Prediction(row + 1, targets[row], all[row]))
                .toList();
        return new RegressionTrial(
                regression.name(),
                RegressionEvaluation.of(truth, predictions, seed),
                rowsTested,
                nanos / 1e9 / folds.size());
    }

    private static double[][] select(List<double[]> rows, int[] chosen) {
        return IntStream.of(chosen).mapToObj(rows::get).toArray(double[][]::new);
    }
}
