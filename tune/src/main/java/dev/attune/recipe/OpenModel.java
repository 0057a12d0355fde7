package dev.attune.recipe;

import dev.attune.checkpoint.BaseModel;
import dev.attune.classifier.EncodedDataset;
import dev.attune.data.Dataset;
import dev.attune.data.Split;
import dev.attune.model.LoadReport;
import dev.attune.peft.TrainableParameters;
import dev.attune.torch.Device;
import dev.attune.training.PlannedObjective;
import dev.attune.training.Trainer;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** A model that a recipe has opened, to be trained and then saved. */
interface OpenModel extends AutoCloseable {
    /** Opens what the recipe asks for, and encodes the parts that it is trained with. */
    static OpenModel of(Recipe recipe, Split split, Path folder, BaseModel base, Device device) {
        return recipe.answers()
                ? LabelWordModel.open(recipe, split, folder, base, device)
                : HeadModel.open(recipe, split, folder, base, device);
    }

    /** What its files lacked and had too much. */
    LoadReport report();

    TrainableParameters parameters();

    /**
     * About how much memory training takes.
     *
     * @param folder the base model's
     */
    MemoryEstimate memory(Recipe recipe, Path folder);

    /** What would be trained, if only for a while and to no end. */
    PlannedObjective planned(Recipe recipe);

    /** A part of the data as the model reads it. */
    EncodedDataset encoded(Dataset part);

    /** Trains it; metrics and the training state go to the run folder. */
    Trainer.Outcome train(Recipe recipe, Path folder, RunListener listener, BooleanSupplier stop);

    /** Writes the model's files, or the adapter's. */
    void save(Path folder);

    @Override
    void close();
}
