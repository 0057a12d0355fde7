package dev.attune.training;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.attune.files.InputException;
import org.jspecify.annotations.Nullable;

/**
 * How a model is trained: the loop's own options, with the names transformers' {@code TrainingArguments} gives them where it
 * has them.
 */
public record TrainingOptions(
        @Description("passes over the training part") int epochs,

        @Description("optimizer steps in all, whatever the epochs say (0: as many as the epochs take)")
        int maxSteps,

        @Description("examples a batch") int batchSize,

        @Description("batches an optimizer step; equal to one batch that large")
        int gradientAccumulationSteps,

        @Description("tokens that go through the model at once; larger batches are accumulated")
        int maxTokens,

        @Description("peak learning rate (default: by what is trained)") @Nullable Double learningRate,

        @Description("constant, linear or cosine") LearningRateSchedule lrScheduler,

        @Description("steps over which the learning rate rises from 0")
        int warmupSteps,

        @Description("the same as a share of all steps") double warmupRatio,
        @Description("adamw, adam or sgd") Optimizer.Kind optimizer,
        @Description("weight decay of matrices") double weightDecay,
        @Description("let biases and norms decay too") boolean decayAll,

        @Description("decay of Adam's mean of gradients") double adamBeta1,

        @Description("decay of Adam's mean of squared gradients")
        double adamBeta2,

        @Description("added to Adam's divisor") double adamEpsilon,
        @Description("momentum of sgd") double momentum,

        @Description("clip gradients to this common L2 norm (0: do not)")
        double maxGradNorm,

        @Description("write a line of metrics every so many steps")
        int loggingSteps,

        @Description("score samples of both parts every so many steps (0: only after each epoch)")
        int evalSteps,

        @Description("training batches that such a sample holds")
        int evalBatches,

        @Description("stop after so many epochs without a better validation score (0: never)")
        int earlyStoppingPatience,

        @Description("save the training state every so many steps, beside every epoch and minute (0: only those)")
        int saveSteps,

        @Description("keep the training state when the run is done")
        boolean keepState,

        @Description("batch examples of like length") boolean lengthBatches,

        @Description("seed of new weights, order and dropout")
        long seed) {

    private static final TrainingOptions DEFAULTS = new TrainingOptions(
            3,
            0,
            16,
            1,
            16_384,
            null,
            LearningRateSchedule.LINEAR,
            0,
            0,
            Optimizer.Kind.ADAMW,
            0.01,
            false,
            0.9,
            0.999,
            1e-8,
            0,
            1.0,
            10,
            0,
            5,
            0,
            0,
            false,
            true,
            42);

    public TrainingOptions {
        atLeast("epochs", epochs, 1);
        atLeast("max-steps", maxSteps, 0);
        atLeast("batch-size", batchSize, 1);
        atLeast("gradient-accumulation-steps", gradientAccumulationSteps, 1);
        atLeast("max-tokens", maxTokens, 1);
        atLeast("warmup-steps", warmupSteps, 0);
        atLeast("logging-steps", loggingSteps, 1);
        atLeast("eval-steps", evalSteps, 0);
        atLeast("eval-batches", evalBatches, 1);
        atLeast("early-stopping-patience", earlyStoppingPatience, 0);
        atLeast("save-steps", saveSteps, 0);
        if (!(warmupRatio >= 0 && warmupRatio < 1)) {
            throw new InputException(
                    "warmup-ratio is " + warmupRatio + "; it is a share of all steps, from 0 to below 1.");
        }
        if (learningRate != null && !(learningRate > 0 && learningRate < 10)) {
            throw new InputException("learning-rate is " + learningRate + "; useful values lie between 1e-6 and 1e-1.");
        }
        if (!(maxGradNorm >= 0)) {
            throw new InputException("max-grad-norm is " + maxGradNorm + "; it takes a norm, or 0 not to clip.");
        }
        // Checks the optimizer's own options now rather than when the data is read and the model loaded.
        new Optimizer.Settings(optimizer, weightDecay, adamBeta1, adamBeta2, adamEpsilon, momentum, decayAll);
    }

    public static TrainingOptions defaults() {
        return DEFAULTS;
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new InputException(name + " is " + value + "; it has to be at least " + least + ".");
        }
    }

    @JsonIgnore
    Optimizer.Settings optimizerSettings() {
        return new Optimizer.Settings(optimizer, weightDecay, adamBeta1, adamBeta2, adamEpsilon, momentum, decayAll);
    }
}
