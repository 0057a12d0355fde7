package dev.attune.recipe;

import dev.attune.data.Dataset;
import dev.attune.data.Folds;
import dev.attune.data.Split;
import dev.attune.evaluation.Evaluation;
import dev.attune.evaluation.Predictions;
import dev.attune.evaluation.TestResult;
import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A recipe that was cross-validated, or is to be gone on with: every row is predicted by a model that has not seen it. The folds
 * are stratified and drawn by the recipe's seed, as those of the baselines.
 *
 * <p>Its folder holds the recipe, the pooled result under a run's names, the folds' figures in folds.json, and a run folder for each
 * fold, {@code fold-1} and so on, from which the model is removed once it has predicted its rows.
 *
 * @param completed false where it was stopped; {@link #resume} goes on with it
 * @param result over all rows; the training seconds are the mean of a fold's; null where it was stopped
 * @param foldAccuracies of the folds that are done, in their order
 */
public record CrossValidation(
        Path folder, boolean completed, @Nullable TestResult result, List<Double> foldAccuracies) {
    /** What stays of a fold's run once its model has predicted. */
    private static final Set<String> KEPT = Set.of(
            RunFolder.RECIPE,
            "metrics.jsonl",
            "loss.png",
            "loss.svg",
            "accuracy.png",
            "accuracy.svg",
            "evaluation.json",
            "predictions.jsonl",
            "cost.json",
            "provenance.json");

    public CrossValidation {
        foldAccuracies = List.copyOf(foldAccuracies);
    }

    /**
     * Cross-validates what a recipe says on all labelled rows but those of a test part of its own. The recipe's {@code split} is not
     * used; a validation part of its own chooses the best epoch of every fold.
     *
     * @param keepModels whether each fold's folder keeps its model
     * @param out the folder to make; it may not hold a run already
     * @param stop asked after each step; true saves the fold's state and ends
     * @throws InputException for fewer than two folds or more than rows, and whatever training would refuse
     */
    public static CrossValidation run(
            Recipe recipe, int folds, boolean keepModels, Path out, RunListener listener, BooleanSupplier stop) {
        Run.requireNew(recipe, out);
        return begin(recipe, parts(recipe, listener), folds, keepModels, out, listener, stop);
    }

    static CrossValidation begin(
            Recipe given,
            Split all,
            int folds,
            boolean keepModels,
            Path out,
            RunListener listener,
            BooleanSupplier stop) {
        all.train().requireTrainable();
        Recipe recipe = given.settled();
        var plan =
                new FoldPlan(folds, keepModels, all.train().size(), all.train().sha256(), List.of());
        plan.rows(all.train(), recipe); // refuses what cannot be dealt before anything is written
        recipe.write(out.resolve(RunFolder.RECIPE));
        plan.write(out);
        return goOn(recipe, plan, all, out, listener, stop);
    }

    static boolean unfinishedIn(Path folder) {
        return existsIn(folder) && FoldPlan.read(folder).foldAccuracies().isEmpty();
    }

    /** Whether a folder holds a cross-validation, done or not. */
    public static boolean existsIn(Path folder) {
        return FoldPlan.existsIn(folder);
    }

    /**
     * Goes on with one that was stopped or killed: folds that are done are not repeated, one that was begun is gone on with.
     *
     * @throws InputException if the folder holds none, or its data has changed
     */
    public static CrossValidation resume(Path folder, RunListener listener, BooleanSupplier stop) {
        var plan = FoldPlan.read(folder);
        if (!plan.foldAccuracies().isEmpty()) {
            throw new InputException("The cross-validation in " + folder + " is done; there is nothing to resume.");
        }
        AtomicFile.removeLeftovers(folder);
        var recipe = Recipe.read(folder.resolve(RunFolder.RECIPE));
        var all = parts(recipe, listener);
        if (!plan.sha256().equals(all.train().sha256())) {
            throw new InputException("The rows are not those that the cross-validation in " + folder
                    + " was begun with; put the old data back, or begin a new one.");
        }
        return goOn(recipe, plan, all, folder, listener, stop);
    }

    /** All rows to be dealt into folds as the train part. */
    private static Split parts(Recipe recipe, RunListener listener) {
        return Sources.split(recipe.with(Map.of("split", "1,0,0")), listener);
    }

    private static CrossValidation goOn(
            Recipe recipe, FoldPlan plan, Split all, Path folder, RunListener listener, BooleanSupplier stop) {
        var rows = plan.rows(all.train(), recipe);
        var results = new ArrayList<TestResult>();
        for (int fold = 0; fold < rows.size(); fold++) {
            Path each = folder.resolve("fold-" + (fold + 1));
            if (!Provenance.finishedIn(each)) {
                if (stop.getAsBoolean()) {
                    return new CrossValidation(folder, false, null, accuracies(results));
                }
                listener.fold(fold + 1, rows.size());
                if (Files.isDirectory(each)) {
                    AtomicFile.removeLeftovers(each);
                }
                var run = Run.run(recipe, split(all, rows.get(fold), fold + 1), each, listener, stop);
                if (!run.completed()) {
                    return new CrossValidation(folder, false, null, accuracies(results));
                }
            }
            if (!plan.keepModels()) {
                removeModel(each);
            }
            results.add(TestResult.read(each));
        }
        var pooled =
                pooled(folder, all.train(), rows, results, recipe.training().seed());
        pooled.write(folder);
        ConfusionPicture.write(folder, pooled.evaluation());
        plan.done(accuracies(results)).write(folder); // last: it says that all folds are done
        return new CrossValidation(folder, true, pooled, accuracies(results));
    }

    private static Split split(Split all, int[] fold, int number) {
        Dataset data = all.train();
        return new Split(
                select(data, Folds.others(data.size(), fold), "all but fold " + number),
                all.validation(),
                select(data, fold, "fold " + number));
    }

    private static Dataset select(Dataset data, int[] rows, String part) {
        var picked = Arrays.stream(rows).mapToObj(data.examples()::get).toList();
        return new Dataset(data.name() + " (" + part + ")", picked, data.labels());
    }

    private static List<Double> accuracies(List<TestResult> results) {
        return results.stream().map(result -> result.evaluation().accuracy()).toList();
    }

    /** From what the folds' folders hold, so that a resumed one gives the figures of an uninterrupted one. */
    private static TestResult pooled(Path folder, Dataset data, List<int[]> rows, List<TestResult> results, long seed) {
        var probabilities = new double[data.size()][];
        double seconds = 0;
        for (int fold = 0; fold < rows.size(); fold++) {
            int[] places = rows.get(fold);
            var predicted = results.get(fold).predictions().rows();
            for (int i = 0; i < places.length; i++) {
                probabilities[places[i]] = predicted.get(i).probabilities().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray();
            }
            seconds += places.length / results.get(fold).cost().rowsPerSecond();
        }
        var cost = new TestResult.Cost(
                results.stream()
                        .mapToDouble(result -> result.cost().trainSeconds())
                        .average()
                        .orElse(0),
                data.size() / seconds,
                results.get(0).cost().bytes());
        return new TestResult(
                folder.toString(),
                Evaluation.of(data.labels().names(), data.labelIds(), probabilities, seed),
                Predictions.of(data, probabilities),
                cost);
    }

    private static void removeModel(Path fold) {
        try (Stream<Path> files = Files.list(fold)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(f -> !KEPT.contains(
                            Objects.requireNonNull(f.getFileName()).toString()))
                    .toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove the model in " + fold + ": " + e.getMessage(), e);
        }
    }
}
