package dev.attune.cli;

import dev.attune.data.Folds;
import dev.attune.explore.baseline.Baseline;
import dev.attune.explore.baseline.Baselines;
import dev.attune.explore.baseline.Labelled;
import dev.attune.explore.baseline.MedianFilled;
import dev.attune.explore.baseline.Regression;
import dev.attune.explore.baseline.RegressionTrial;
import dev.attune.explore.baseline.TableFeatures;
import dev.attune.explore.baseline.Trial;
import dev.attune.files.InputException;
import dev.attune.files.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Baselines on a table's columns: fitted on four fifths and tested on the last, drawn with the classes' shares, or
 * cross-validated.
 *
 * @param names of the baselines wanted; empty for all
 * @param folds null to hold out a fifth
 */
record TableTrials(List<String> names, @Nullable Integer folds, long seed, Console console, Progress progress) {
    private static final int FIFTH = 5;

    List<Trial> classes(Labelled<double[]> data) {
        var baselines = new ArrayList<>(Baselines.tables(seed));
        baselines.add(new NetworkBaseline(seed));
        return each(baselines, Baseline::name, baseline -> tested(MedianFilled.of(baseline), data));
    }

    private Trial tested(Baseline<double[]> baseline, Labelled<double[]> data) {
        if (folds != null) {
            return Trial.crossValidated(baseline, data, folds, seed);
        }
        int[] test = Folds.stratified(data.labels(), FIFTH, seed).get(0);
        int[] train = Folds.others(data.labels().length, test);
        return Trial.of(baseline, data.select(train), data.select(test), seed);
    }

    List<RegressionTrial> numbers(TableFeatures features, List<Double> numbers) {
        double[] targets = numbers.stream().mapToDouble(Double::doubleValue).toArray();
        var regressions = new ArrayList<>(Baselines.regressions(seed));
        regressions.add(new NetworkBaseline(seed));
        return each(regressions, Regression::name, regression -> {
            var filled = MedianFilled.of(regression);
            if (folds != null) {
                return RegressionTrial.crossValidated(filled, features.rows(), targets, folds, seed);
            }
            int[] test = Folds.stratified(new int[targets.length], FIFTH, seed).get(0);
            return RegressionTrial.of(filled, features.rows(), targets, test, seed);
        });
    }

    /** What each wanted baseline gives; one that cannot be fitted is told of and left out. */
    private <B, R> List<R> each(List<? extends B> baselines, Function<B, String> name, Function<B, R> trial) {
        var known = baselines.stream().map(name).toList();
        for (String wanted : names) {
            if (!known.contains(wanted)) {
                throw new InputException(
                        "There is no baseline '" + wanted + "' on tables." + Suggestions.nearest(wanted, known));
            }
        }
        var results = new ArrayList<R>();
        int done = 0;
        for (B baseline : baselines) {
            progress.preparing(name.apply(baseline), done++, baselines.size());
            if (names.isEmpty() || names.contains(name.apply(baseline))) {
                try {
                    results.add(trial.apply(baseline));
                } catch (InputException e) {
                    console.err().println(name.apply(baseline) + " is left out: " + e.getMessage());
                }
            }
        }
        if (results.isEmpty()) {
            throw new InputException("No baseline could be fitted.");
        }
        return results;
    }
}
