package dev.attune.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Texts that stand in more than one part of a split, so that a model is tested on what it was trained on.
 *
 * @param exact texts that are the same to the letter
 * @param nearly texts that are the same but for case and white space, and not in {@code exact}
 * @param validationRows how many rows of validation are, but for case and white space, also in train
 * @param testRows how many rows of test are, but for case and white space, also in train or validation
 */
public record LeakReport(List<Leak> exact, List<Leak> nearly, int validationRows, int testRows) {
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}]+");

    /**
     * A text and the parts it stands in.
     *
     * @param text as it stands in the first of the parts
     */
    public record Leak(String text, List<String> parts) {
        public Leak {
            parts = List.copyOf(parts);
        }
    }

    public LeakReport {
        exact = List.copyOf(exact);
        nearly = List.copyOf(nearly);
    }

    /** How many texts stand in more than one part, exactly or nearly. */
    public int count() {
        return exact.size() + nearly.size();
    }

    static LeakReport of(Split split) {
        Map<String, Set<String>> exactParts = new LinkedHashMap<>();
        Map<String, Set<String>> nearParts = new LinkedHashMap<>();
        Map<String, String> firstText = new LinkedHashMap<>();
        Map<String, Dataset> parts = new LinkedHashMap<>();
        parts.put("train", split.train());
        parts.put("validation", split.validation());
        parts.put("test", split.test());
        int[] rows = new int[3];
        int p = 0;
        for (var part : parts.entrySet()) {
            for (String text : part.getValue().texts()) {
                String near = normalised(text);
                exactParts.computeIfAbsent(text, t -> new LinkedHashSet<>(2)).add(part.getKey());
                firstText.putIfAbsent(near, text);
                var seen = nearParts.computeIfAbsent(near, t -> new LinkedHashSet<>(2));
                seen.add(part.getKey());
                rows[p] += seen.size() > 1 ? 1 : 0;
            }
            p++;
        }
        var exact = new ArrayList<Leak>();
        Set<String> reported = new LinkedHashSet<>();
        exactParts.forEach((text, found) -> {
            if (found.size() > 1) {
                exact.add(new Leak(text, List.copyOf(found)));
                reported.add(normalised(text));
            }
        });
        var nearly = new ArrayList<Leak>();
        nearParts.forEach((near, found) -> {
            if (found.size() > 1 && !reported.contains(near)) {
                nearly.add(new Leak(firstText.getOrDefault(near, near), List.copyOf(found)));
            }
        });
        return new LeakReport(exact, nearly, rows[1], rows[2]);
    }

    private static String normalised(String text) {
        return SPACE.matcher(text).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    }

    /** One line for a terminal. */
    public String summary() {
        if (count() == 0) {
            return "No text stands in two parts.";
        }
        return count() + (count() == 1 ? " text stands" : " texts stand") + " in more than one part (" + exact.size()
                + " to the letter, " + nearly.size() + " but for case and spaces): " + testRows
                + " rows of test and " + validationRows + " of validation. Deduplicating before the split avoids it.";
    }
}
