package dev.attune.recipe;

import dev.attune.classifier.Reading;
import dev.attune.classifier.Unfreeze;
import dev.attune.data.Dataset;
import dev.attune.data.Split;
import dev.attune.training.LearningRateSchedule;
import dev.attune.training.Optimizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Tunes a model from Java, on data sets that are already in memory. Immutable: each method gives a tuning with one option
 * changed; {@link #with} sets any option of a {@link Recipe} by name.
 *
 * <pre>{@code
 * var run = Tuning.of("minilm").unfreeze(Unfreeze.LAST_BLOCK).epochs(5).learningRate(5e-4)
 *         .train(parts.train(), parts.validation(), Path.of("runs/spam"));
 * }</pre>
 */
public final class Tuning {
    private final Recipe recipe;

    private Tuning(Recipe recipe) {
        this.recipe = recipe;
    }

    /** A model by folder, hub name ({@code owner/name[@revision]}) or built-in name ({@code minilm}). */
    public static Tuning of(String model) {
        return new Tuning(Recipe.defaults()).with("model", model);
    }

    public Tuning unfreeze(Unfreeze parts) {
        return with("unfreeze", parts.toString());
    }

    public Tuning reading(Reading reading) {
        return with("reading", reading);
    }

    public Tuning maxLength(int tokens) {
        return with("max-length", tokens);
    }

    public Tuning epochs(int epochs) {
        return with("epochs", epochs);
    }

    public Tuning batchSize(int examples) {
        return with("batch-size", examples);
    }

    public Tuning learningRate(double rate) {
        return with("learning-rate", rate);
    }

    public Tuning schedule(LearningRateSchedule schedule) {
        return with("lr-scheduler", schedule);
    }

    public Tuning optimizer(Optimizer.Kind kind) {
        return with("optimizer", kind);
    }

    public Tuning weightDecay(double decay) {
        return with("weight-decay", decay);
    }

    public Tuning seed(long seed) {
        return with("seed", seed);
    }

    /**
     * Sets an option by its name in a recipe, such as {@code "warmup-ratio"}.
     *
     * @throws dev.attune.files.InputException for a name there is not, or a value that does not fit
     */
    public Tuning with(String option, Object value) {
        return new Tuning(recipe.with(Map.of(option, value)));
    }

    /** Trains into a new run folder; the validation part, which may be empty, chooses the best epoch. */
    public Run train(Dataset train, Dataset validation, Path out) {
        var labels = train.labels();
        return train(new Split(train, validation.withLabels(labels), new Dataset("none", List.of(), labels)), out);
    }

    /** Trains into a new run folder and tests the result. */
    public Run train(Split parts, Path out) {
        return train(parts, out, RunListener.NONE);
    }

    /** Trains into a new run folder and tests the result, telling {@code listener} of its progress. */
    public Run train(Split parts, Path out, RunListener listener) {
        Run.requireNew(recipe, out);
        return Run.run(named(parts.train()), parts, out, listener, () -> false);
    }

    /**
     * Trains once for each fold on the others, and tests every row by the model that has not seen it; the folds' models are not
     * kept. The folds are stratified and drawn by the seed.
     *
     * @param data whose rows are all labelled
     * @param out the folder to make
     */
    public CrossValidation crossValidate(Dataset data, int folds, Path out) {
        return crossValidate(data, folds, out, RunListener.NONE);
    }

    /** As {@link #crossValidate(Dataset, int, Path)}, telling {@code listener} of its progress. */
    public CrossValidation crossValidate(Dataset data, int folds, Path out, RunListener listener) {
        Run.requireNew(recipe, out);
        var none = new Dataset("none", List.of(), data.labels());
        return CrossValidation.begin(
                named(data), new Split(data, none, none), folds, false, out, listener, () -> false);
    }

    private Recipe named(Dataset data) {
        return recipe.with(Map.of("data", data.name()));
    }
}
