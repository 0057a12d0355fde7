package dev.attune.checkpoint;

import dev.attune.files.InputException;
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
        return a.endsWith("." + b) || b.endsWith("." + a) ? 0 : editDistance(a, b);
    }

    /** Levenshtein's: the fewest characters to insert, delete or replace. */
    private static int editDistance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j - 1], row[j]) + 1);
            }
        }
        return row[b.length()];
    }
}
