package dev.attune.recipe;

import dev.attune.checkpoint.BaseModel;
import dev.attune.classifier.TextClassifier;
import dev.attune.data.Dataset;
import dev.attune.data.Split;
import dev.attune.evaluation.Evaluation;
import dev.attune.evaluation.Predictions;
import dev.attune.evaluation.TestResult;
import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import dev.attune.torch.Device;
import dev.attune.torch.Threads;
import dev.attune.training.Rehearsal;
import dev.attune.training.TrainingState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that is done, or was stopped: a folder with the model and all that was measured.
 *
 * @param completed false where it was stopped; {@link #resume} goes on with it
 * @param evaluation of the test part; null where there is none or the run was stopped
 */
public record Run(Path folder, boolean completed, @Nullable Evaluation evaluation) {
    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    /**
     * Trains what a recipe says and tests it.
     *
     * @param out the run folder to make; it may not hold a run already
     * @param stop asked after each step; true saves the state and ends
     */
    public static Run train(Recipe recipe, Path out, RunListener listener, BooleanSupplier stop) {
        requireNew(recipe, out);
        return run(recipe, Sources.split(recipe, listener), out, listener, stop);
    }

    /** What is asked of a run that begins, and not of one that goes on. */
    static void requireNew(Recipe recipe, Path out) {
        recipe.requireUsed();
        requireFree(out);
    }

    private static void requireFree(Path out) {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new InputException(out + " is a file; a run needs a folder. Choose another --out.");
        }
        if (Files.exists(out.resolve(RunFolder.RECIPE))) {
            throw new InputException(out + " holds a run already"
                    + (TrainingState.existsIn(out) || CrossValidation.unfinishedIn(out)
                            ? ", which --resume " + out + " goes on with"
                            : "")
                    + ". Choose another --out, or delete it.");
        }
    }

    /**
     * Goes on with a run that was stopped or killed: the same steps an uninterrupted run takes.
     *
     * @throws InputException if the folder holds no state of a run, or its data has changed
     */
    public static Run resume(Path folder, RunListener listener, BooleanSupplier stop) {
        Path file = folder.resolve(RunFolder.RECIPE);
        if (!Files.exists(file)) {
            throw new InputException(folder + " holds no run: it has no " + RunFolder.RECIPE + ".");
        }
        if (CrossValidation.existsIn(folder)) {
            throw new InputException(folder + " holds a cross-validation, not a single run.");
        }
        if (Provenance.finishedIn(folder)) {
            throw new InputException("The run in " + folder + " is done; there is nothing to resume.");
        }
        AtomicFile.removeLeftovers(folder);
        var recipe = Recipe.read(file);
        return run(recipe, Sources.split(recipe, listener), folder, listener, stop);
    }

    /**
     * Opens data and model as {@link #train} does and tells the listener what would be trained and about how much memory and time
     * that takes. Some passes are made to tell the time; nothing is trained and nothing written.
     */
    public static void dryRun(Recipe recipe, RunListener listener) {
        recipe.requireUsed();
        var split = Sources.split(recipe, listener);
        requireLabels(split);
        Device device = Device.named(recipe.model().device());
        setThreads(recipe);
        Path base = Sources.model(recipe.model().model(), listener);
        listener.data(split);
        long started = System.nanoTime();
        try (var model =
                OpenModel.of(recipe, split, base, BaseModel.of(recipe.model().model()), device)) {
            double opening = secondsSince(started);
            listener.model(base, model.report(), model.parameters());
            var memory = model.memory(recipe, base);
            listener.memory(memory);
            if (memory.exceeds(Pointer.totalPhysicalBytes())) {
                LOG.warn("The time is not estimated: there is not enough memory for a step.");
                return;
            }
            try (var objective = model.planned(recipe)) {
                var rehearsal = Rehearsal.of(objective, recipe.training(), model.encoded(split.test()));
                listener.time(TimeEstimate.of(recipe, opening, rehearsal));
            }
        }
    }

    private static void setThreads(Recipe recipe) {
        if (recipe.model().threads() > 0) {
            Threads.set(recipe.model().threads());
        }
    }

    static Run run(Recipe given, Split split, Path folder, RunListener listener, BooleanSupplier stop) {
        Recipe recipe = given.settled();
        long started = System.nanoTime();
        requireLabels(split);
        Device device = Device.named(recipe.model().device());
        setThreads(recipe);
        Path base = Sources.model(recipe.model().model(), listener);
        if (base.toAbsolutePath().normalize().equals(folder.toAbsolutePath().normalize())) {
            throw new InputException(
                    folder + " holds the model that is to be tuned and would be overwritten. Choose another --out.");
        }
        var provenance = Provenance.of(recipe, split, base).goingOn(folder);
        listener.data(split);

        try (var model =
                OpenModel.of(recipe, split, base, BaseModel.of(recipe.model().model()), device)) {
            listener.model(base, model.report(), model.parameters());
            var memory = model.memory(recipe, base);
            listener.memory(memory);
            provenance = provenance.estimating(memory);
            recipe.write(folder.resolve(RunFolder.RECIPE)); // not before: what cannot be opened leaves no run behind
            provenance.write(folder);
            var outcome = model.train(recipe, folder, listener, stop);
            if (!outcome.completed()) {
                return new Run(folder, false, null);
            }
            model.save(folder);
        }
        double trainSeconds = secondsSince(started);
        TestResult test = null;
        if (split.test().size() > 0) {
            try (var tuned = TextClassifier.load(folder, null, device)) {
                test = test(
                        tuned,
                        split.test(),
                        folder,
                        trainSeconds,
                        recipe.training().seed());
            }
        }
        RunFolder.writeResults(folder, recipe, test, provenance.finished(System.nanoTime() - started));
        if (!recipe.training().keepState()) {
            TrainingState.deleteIn(folder); // not before: until then, what was trained is safe nowhere else
        }
        return new Run(folder, true, test == null ? null : test.evaluation());
    }

    /** Before any training: what would otherwise fail after it. */
    private static void requireLabels(Split split) {
        split.train().requireTrainable();
        for (Dataset part : List.of(split.validation(), split.test())) {
            if (part.size() > 0) {
                part.labelIds();
            }
        }
    }

    private static TestResult test(
            TextClassifier classifier, Dataset dataset, Path folder, double trainSeconds, long seed) {
        var known = dataset.withLabels(classifier.labels());
        long started = System.nanoTime();
        double[][] probabilities = classifier.probabilities(known.texts());
        double seconds = secondsSince(started);
        return new TestResult(
                folder.toString(),
                Evaluation.of(classifier.labels().names(), known.labelIds(), probabilities, seed),
                Predictions.of(known, probabilities),
                new TestResult.Cost(trainSeconds, known.size() / seconds, RunFolder.weightBytes(folder)));
    }

    private static double secondsSince(long started) {
        return (System.nanoTime() - started) / 1e9;
    }

    /** Evaluates the run's model on labelled texts. */
    public Evaluation evaluate(Dataset dataset) {
        try (var tuned = TextClassifier.load(folder)) {
            return evaluate(
                    tuned,
                    dataset,
                    Recipe.read(folder.resolve(RunFolder.RECIPE)).training().seed());
        }
    }

    /**
     * Evaluates a classifier on labelled texts.
     *
     * @param seed of the confidence intervals' resampling
     */
    public static Evaluation evaluate(TextClassifier classifier, Dataset dataset, long seed) {
        var known = dataset.withLabels(classifier.labels());
        return Evaluation.of(
                classifier.labels().names(), known.labelIds(), classifier.probabilities(known.texts()), seed);
    }
}
