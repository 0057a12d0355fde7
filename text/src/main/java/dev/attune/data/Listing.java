package dev.attune.data;

import java.util.List;

/** A list of names as a message shows it: the first dozen, then how many more there are. */
final class Listing {
    private static final int SHOWN = 12;

    private Listing() {}

    static String of(List<String> names) {
        if (names.isEmpty()) {
            return "none";
        }
        if (names.size() <= SHOWN) {
            return String.join(", ", names);
        }
        return String.join(", ", names.subList(0, SHOWN)) + " and " + (names.size() - SHOWN) + " more";
    }
}
