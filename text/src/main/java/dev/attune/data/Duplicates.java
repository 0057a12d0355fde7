package dev.attune.data;

import java.util.List;

/**
 * Texts that stand more than once in a data set.
 *
 * @param rows how many rows go when each text is kept once
 * @param conflicts the texts that stand under more than one label
 */
public record Duplicates(int rows, List<Conflict> conflicts) {
    /** One text and its labels, in the order they occur. */
    public record Conflict(String text, List<String> labels) {
        public Conflict {
            labels = List.copyOf(labels);
        }
    }

    public Duplicates {
        conflicts = List.copyOf(conflicts);
    }
}
