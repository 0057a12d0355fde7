package dev.attune.model;

import java.util.List;

/**
 * What a checkpoint and a model did not agree on.
 *
 * @param initialised parameters that the checkpoint does not have and that were drawn at random (a new head)
 * @param unexpected tensors of the checkpoint that the model has no use for, under their names in the file
 */
public record LoadReport(List<String> initialised, List<String> unexpected) {
    public LoadReport {
        initialised = List.copyOf(initialised);
        unexpected = List.copyOf(unexpected);
    }
}
