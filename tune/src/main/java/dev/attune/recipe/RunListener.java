package dev.attune.recipe;

import dev.attune.data.Split;
import dev.attune.model.LoadReport;
import dev.attune.peft.TrainableParameters;
import dev.attune.training.TrainingListener;
import java.nio.file.Path;

/** Hears of a run's progress, from the data to the last step; called on the running thread. */
public interface RunListener extends TrainingListener {
    /** Hears nothing. */
    RunListener NONE = new RunListener() {};

    /** A download or conversion goes on; {@code total} is -1 where it is not known. */
    default void fetching(String what, long bytes, long total) {}

    /** A fold of a cross-validation is begun or gone on with, numbered from 1. */
    default void fold(int fold, int folds) {}

    /** The data is read and divided. */
    default void data(Split split) {}

    /** The model is loaded, before its first pass. */
    default void model(Path folder, LoadReport report, TrainableParameters parameters) {}

    /** About how much memory it will take to train it; told after {@link #model}. */
    default void memory(MemoryEstimate estimate) {}

    /** About how long it will take; told by a dry run, after {@link #memory}. */
    default void time(TimeEstimate estimate) {}
}
