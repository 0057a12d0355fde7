package dev.attune.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A line of metrics.jsonl. What a row does not measure is absent. No times stand here, so that two runs with one seed write
 * the same file.
 *
 * @param step optimizer steps taken
 * @param epoch passes over the training part, with a fraction
 * @param loss mean training loss since the last row of this kind (dropout on)
 * @param accuracy share of training units predicted right meanwhile
 * @param gradNorm L2 norm of the last step's gradients before clipping
 * @param trainLoss of a sample of the training part in evaluation mode
 * @param sampled whether train and eval figures are of samples rather than of whole parts
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MetricsRow(
        long step,
        double epoch,
        @Nullable Double loss,
        @Nullable Double accuracy,
        @JsonProperty("learning_rate") @Nullable Double learningRate,
        @JsonProperty("grad_norm") @Nullable Double gradNorm,
        @JsonProperty("train_loss") @Nullable Double trainLoss,
        @JsonProperty("train_accuracy") @Nullable Double trainAccuracy,
        @JsonProperty("eval_loss") @Nullable Double evalLoss,
        @JsonProperty("eval_accuracy") @Nullable Double evalAccuracy,
        @JsonProperty("eval_f1_macro") @Nullable Double evalF1Macro,
        @Nullable Boolean sampled) {

    static MetricsRow training(
            long step, double epoch, double loss, double accuracy, double learningRate, double gradNorm) {
        return new MetricsRow(step, epoch, loss, accuracy, learningRate, gradNorm, null, null, null, null, null, null);
    }

    static MetricsRow evaluation(
            long step, double epoch, Objective.Scores train, Objective.@Nullable Scores validation, boolean sampled) {
        return new MetricsRow(
                step,
                epoch,
                null,
                null,
                null,
                null,
                train.loss(),
                train.accuracy(),
                validation == null ? null : (Double) validation.loss(),
                validation == null ? null : (Double) validation.accuracy(),
                validation == null ? null : (Double) validation.f1Macro(),
                sampled);
    }
}
