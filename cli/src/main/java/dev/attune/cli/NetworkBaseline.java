package dev.attune.cli;

import dev.attune.explore.baseline.Baseline;
import dev.attune.explore.baseline.Regression;
import dev.attune.explore.table.Scaler;
import dev.attune.recipe.Recipe;
import dev.attune.training.DenseNetwork;
import dev.attune.training.TrainingOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The engine's small network on the columns of a table, brought to mean 0 and deviation 1, as a baseline. */
record NetworkBaseline(long seed) implements Baseline<double[]>, Regression {
    private static final double LEARNING_RATE = 3e-3;
    private static final int BATCH = 64;
    /** Enough for small tables, and no more epochs than large ones need. */
    private static final int STEPS = 3000;

    @Override
    public String name() {
        return "neural-network";
    }

    private TrainingOptions options(int rows) {
        int epochs = Math.max(5, Math.min(60, STEPS * BATCH / Math.max(1, rows)));
        return Recipe.defaults()
                .with(Map.of(
                        "epochs",
                        epochs,
                        "batch-size",
                        BATCH,
                        "seed",
                        seed,
                        "early-stopping-patience",
                        10,
                        "length-batches",
                        false,
                        "logging-steps",
                        1_000_000))
                .training();
    }

    @Override
    public Baseline.Fitted<double[]> fit(List<double[]> rows, int[] labels, int classes) {
        double[][] data = rows.toArray(double[][]::new);
        var scaler = Scaler.fit(Scaler.Method.STANDARD, data);
        var network =
                DenseNetwork.classes(scaler.transform(data), labels, classes, options(data.length), LEARNING_RATE);
        return new Baseline.Fitted<>() {
            @Override
            public double[][] probabilities(List<double[]> others) {
                return network.probabilities(scaler.transform(others.toArray(double[][]::new)));
            }

            @Override
            public long numbers() {
                return network.numbers();
            }
        };
    }

    @Override
    public Regression.Fitted fit(double[][] rows, double[] targets) {
        var scaler = Scaler.fit(Scaler.Method.STANDARD, rows);
        double[][] column =
                Arrays.stream(targets).mapToObj(y -> new double[] {y}).toArray(double[][]::new);
        var ofTarget = Scaler.fit(Scaler.Method.STANDARD, column);
        double[] scaled =
                Arrays.stream(ofTarget.transform(column)).mapToDouble(y -> y[0]).toArray();
        var network = DenseNetwork.numbers(scaler.transform(rows), scaled, options(rows.length), LEARNING_RATE);
        var unit = ofTarget.columns().get(0);
        return others -> Arrays.stream(network.predict(scaler.transform(others)))
                .map(y -> y * unit.scale() + unit.center())
                .toArray();
    }
}
