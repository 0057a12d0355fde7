package dev.attune.files;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The end of a message about a name nobody knows: what may have been meant, or what there is. */
public final class Suggestions {
    private static final int FEW = 12;

    private Suggestions() {}

    /** {@code " Did you mean 'x'?"} where a known name is near; else the known names, where they are few. */
    public static String nearest(String name, Collection<String> known) {
        List<String> near = ranked(name, known);
        int tolerated = Math.max(2, name.length() / 3);
        if (!near.isEmpty() && distance(name, near.get(0)) <= tolerated) {
            return " Did you mean '" + near.get(0) + "'?";
        }
        return known.isEmpty() || known.size() > FEW ? "" : " There is: " + String.join(", ", known) + ".";
    }

    /** The known names from the nearest to the farthest. */
    public static List<String> ranked(String name, Collection<String> known) {
        return known.stream()
                .sorted(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** Levenshtein's edit distance: the fewest characters to insert, delete or replace. */
    public static int distance(String a, String b) {
        return LevenshteinDistance.getDefaultInstance().apply(a, b);
    }
}
