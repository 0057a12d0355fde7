package dev.attune.data;

import org.jspecify.annotations.Nullable;

/**
 * One text and, when it is known, its label.
 *
 * @param label never empty; {@code null} where the text is still to be classified
 */
public record Example(String text, @Nullable String label) {
    public Example {
        if (label != null && label.isEmpty()) {
            throw new IllegalArgumentException("A label is a non-empty name, or null where there is none.");
        }
    }
}
