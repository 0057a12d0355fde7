package dev.attune.training;

/** How the learning rate moves over a run; warm-up and shapes as transformers' {@code get_scheduler} defines them. */
public enum LearningRateSchedule {
    CONSTANT,
    LINEAR,
    COSINE;

    /**
     * The factor on the learning rate for an optimizer step.
     *
     * @param step the step about to be taken, from 0
     * @param warmupSteps over which the factor rises linearly from 0
     * @param totalSteps of the whole run, at which linear and cosine reach 0
     */
    public double factor(long step, long warmupSteps, long totalSteps) {
        if (step < warmupSteps) {
            return (double) step / Math.max(1, warmupSteps);
        }
        double progress = (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
        return switch (this) {
            case CONSTANT -> 1;
            case LINEAR -> Math.max(0, 1 - progress);
            case COSINE -> Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
        };
    }
}
