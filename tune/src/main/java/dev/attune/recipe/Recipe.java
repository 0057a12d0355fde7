package dev.attune.recipe;

import dev.attune.classifier.Reading;
import dev.attune.classifier.Unfreeze;
import dev.attune.files.InputException;
import dev.attune.recipe.PeftOptions.Method;
import dev.attune.training.ContrastiveOptions;
import dev.attune.training.SpeedOptions;
import dev.attune.training.TrainingOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole run: data, model, tuning method, training. On disk it is flat YAML whose keys are the command line's flags without their dashes
 * ({@code learning-rate: 5e-5}); what a recipe leaves out has its default.
 */
public record Recipe(
        DataOptions data,
        ModelOptions model,
        PeftOptions peft,
        PromptOptions prompt,
        LabelOptions labels,
        ContrastiveOptions contrastive,
        TrainingOptions training,
        SpeedOptions speed) {
    /** All defaults; the data is still to be named. */
    public static Recipe defaults() {
        return new Recipe(
                DataOptions.defaults(),
                ModelOptions.defaults(),
                PeftOptions.defaults(),
                PromptOptions.defaults(),
                LabelOptions.defaults(),
                ContrastiveOptions.defaults(),
                TrainingOptions.defaults(),
                SpeedOptions.defaults());
    }

    /** Every option there is, in the order of the records. */
    public static List<RecipeOption> options() {
        return RecipeOption.ofAll(defaults());
    }

    /**
     * Reads a YAML file.
     *
     * @throws dev.attune.files.InputException for an unknown key, naming the nearest known one, or a value that does not fit
     */
    public static Recipe read(Path file) {
        return defaults().with(RecipeFile.read(file));
    }

    /** This recipe with some options replaced; values may be of the option's type or strings of it. */
    public Recipe with(Map<String, ?> values) {
        RecipeOption.requireKnown(values.keySet(), options());
        return new Recipe(
                RecipeOption.overlay(data, values),
                RecipeOption.overlay(model, values),
                RecipeOption.overlay(peft, values),
                RecipeOption.overlay(prompt, values),
                RecipeOption.overlay(labels, values),
                RecipeOption.overlay(contrastive, values),
                RecipeOption.overlay(training, values),
                RecipeOption.overlay(speed, values));
    }

    /** The same with {@code dtype: auto} replaced by what it means on this machine, so that a run goes on alike on another one. */
    Recipe settled() {
        return with(Map.of("dtype", model.frozenDtype().torchName()));
    }

    /** Every option with a value, by name: what {@link #with} takes. */
    public Map<String, Object> toMap() {
        var all = new LinkedHashMap<String, Object>();
        for (Record section : sections()) {
            all.putAll(RecipeOption.values(section));
        }
        return all;
    }

    /** Writes the complete recipe, defaults included, so that it still says the same when defaults change. */
    public void write(Path file) {
        RecipeFile.write(file, toMap());
    }

    private List<? extends Record> sections() {
        return List.of(data, model, peft, prompt, labels, contrastive, training, speed);
    }

    long splitSeed() {
        return data.splitSeed() == null ? training.seed() : data.splitSeed();
    }

    /** Whether a language model answers with the labels' words, rather than a head. */
    boolean answers() {
        boolean asked = labels.template() != null;
        if (asked && peft.method() != Method.LORA && !peft.method().virtualTokens()) {
            throw new InputException("A template asks for labels as words, but method "
                    + RecipeOption.nameOf(peft.method()) + " trains a head. Use lora, prompt, prefix or p-tuning.");
        }
        return asked || peft.method().virtualTokens();
    }

    /**
     * Refuses what would be silently without effect.
     *
     * @throws InputException for parts to train where the method leaves the whole model as it is
     */
    void requireUsed() {
        boolean frozen = peft.method() != Method.HEAD && peft.method() != Method.CONTRASTIVE;
        if (frozen && model.unfreeze() != null) {
            throw new InputException(
                    "unfreeze is '" + model.unfreeze() + "', but the method "
                            + RecipeOption.nameOf(peft.method())
                            + " leaves the whole model frozen and trains an adapter beside it. Leave unfreeze out, or use the method head.");
        }
    }

    /** Which parts of the model are trained. */
    Unfreeze unfreeze() {
        Unfreeze given = model.unfreeze();
        if (peft.method() != Method.CONTRASTIVE) {
            return given == null ? Unfreeze.LAST_BLOCK : given;
        }
        if (given != null && given.equals(Unfreeze.HEAD)) {
            throw new InputException("unfreeze is 'head', but the method contrastive trains what lies under the head; "
                    + "it takes last-block, last-N or all.");
        }
        return given == null ? Unfreeze.ALL : given;
    }

    /** The row that a head reads; null for the family's. */
    @Nullable Reading reading() {
        Reading given = model.reading();
        if (peft.method() != Method.CONTRASTIVE) {
            return given;
        }
        if (given != null && given != Reading.MEAN) {
            throw new InputException("The method contrastive reads the mean of a text's tokens. Leave reading out.");
        }
        return Reading.MEAN;
    }

    /** As given, or one that suits what is trained: what is new takes large steps, a whole pretrained model small ones. */
    double learningRate() {
        if (training.learningRate() != null) {
            return training.learningRate();
        }
        return switch (peft.method()) {
            case HEAD -> unfreeze().everything() ? 5e-5 : unfreeze().blocks() == 0 ? 3e-3 : 5e-4;
            case LORA, P_TUNING -> 1e-3;
            case PREFIX -> 1e-2;
            case PROMPT -> 3e-2; // a few vectors take larger steps still
            case CONTRASTIVE -> 2e-5; // SetFit's
        };
    }
}
