package dev.attune.training;

/** Hears of a run's progress; called on the training thread. */
public interface TrainingListener {
    /** Hears nothing. */
    TrainingListener NONE = new TrainingListener() {};

    /** A stage before the first step, such as the frozen trunk's pass over the data. */
    default void preparing(String stage, long done, long total) {}

    default void started(long firstStep, long totalSteps) {}

    default void stepped(long step, long totalSteps, double loss) {}

    default void logged(MetricsRow row) {}
}
