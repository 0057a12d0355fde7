package dev.attune.training;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** What the loop trains: named parameters and a loss over a batch. Examples are numbered from 0. */
public interface Objective extends AutoCloseable {
    /** The trained parameters: fp32 leaves that require a gradient, under their names in the model's file. */
    Map<String, Tensor> parameters();

    /** Tokens of each training example. */
    int[] lengths();

    /** Over how many units a batch's loss is averaged: examples, or tokens that are scored. */
    int units(int[] batch);

    /** The loss of a batch, with a graph behind it, in training mode; see {@link BatchLoss}. */
    BatchLoss loss(int[] batch);

    /** Scores examples in evaluation mode: all of a subset, or a seeded sample of about {@code batches} training batches. */
    Scores evaluate(Subset subset, int batches);

    /** Whether there are examples that are not trained on. */
    boolean hasValidation();

    /** Called once, when the run is done and the parameters are the ones it chose: what is not trained step by step. */
    default void complete() {}

    @Override
    default void close() {}

    /** Training examples, or the held-out ones that choose the best step. */
    enum Subset {
        TRAIN,
        VALIDATION
    }

    /**
     * A batch's loss.
     *
     * @param sum scalar tensor: the loss summed over the batch's units
     * @param correct how many units were predicted right
     */
    record BatchLoss(Tensor sum, int correct) {}

    /**
     * Metrics of an evaluation.
     *
     * @param loss mean per unit
     * @param accuracy share of units predicted right
     * @param f1Macro unweighted mean of the classes' F1
     */
    record Scores(double loss, double accuracy, double f1Macro) {}
}
