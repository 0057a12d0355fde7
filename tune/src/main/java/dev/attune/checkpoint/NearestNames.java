package dev.attune.checkpoint;

import dev.attune.files.InputException;
import dev.attune.files.Suggestions;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Finds the tensor names that one may have been meant by another, for messages. */
final class NearestNames {
    private static final int SHOWN = 3;

    private NearestNames() {}

    static InputException missingTensor(String name, Path where, Collection<String> names) {
        String hint = names.isEmpty() ? "It holds no tensors." : "The nearest are " + to(name, names) + ".";
        return new InputException("There is no tensor " + name + " in " + where + ". " + hint);
    }

    /** Up to three: those that differ by a prefix first (h.0.weight, transformer.h.0.weight), then by edit distance. */
    static List<String> to(String name, Collection<String> names) {
        return names.stream()
                .map(candidate -> Map.entry(candidate, distance(name, candidate)))
                .sorted(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .limit(SHOWN)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static int distance(String a, String b) {
        return a.endsWith("." + b) || b.endsWith("." + a) ? 0 : Suggestions.distance(a, b);
    }
}
