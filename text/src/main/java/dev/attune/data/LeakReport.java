package dev.attune.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Texts that stand in more than one part of a split, so that a model is tested on what it was trained on.
 *
 * @param exact texts that are the same to the letter
 * @param nearly texts that are the same but for case and white space, and not in {@code exact}
 * @param validationRows how many rows of validation are, but for case and white space, also in train
 * @param testRows how many rows of test are, but for case and white space, also in train or validation
 */
public record LeakReport(List<Leak> exact, List<Leak> nearly, int validationRows, int testRows) {
    private static final List<String> PARTS = List.of("train", "validation", "test");

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
        var parts = List.of(split.train(), split.validation(), split.test());
        // For each text the parts it stands in: bit p for part p.
        Map<String, Integer> exactParts = new HashMap<>();
        Map<String, Integer> nearParts = new HashMap<>();
        int[] rows = new int[parts.size()];
        for (int p = 0; p < parts.size(); p++) {
            int bit = 1 << p;
            for (Example example : parts.get(p).examples()) {
                exactParts.merge(example.text(), bit, (known, added) -> known | added);
                int standsIn = nearParts.merge(normalised(example.text()), bit, (known, added) -> known | added);
                rows[p] += standsIn == bit ? 0 : 1;
            }
        }
        exactParts.values().removeIf(LeakReport::isOnePart);
        nearParts.values().removeIf(LeakReport::isOnePart);
        exactParts.keySet().forEach(text -> nearParts.remove(normalised(text)));

        var exact = new ArrayList<Leak>();
        var nearly = new ArrayList<Leak>();
        for (var part : parts) {
            for (Example example : part.examples()) {
                Integer same = exactParts.remove(example.text());
                if (same != null) {
                    exact.add(new Leak(example.text(), names(same)));
                }
                Integer near = nearParts.isEmpty() ? null : nearParts.remove(normalised(example.text()));
                if (near != null) {
                    nearly.add(new Leak(example.text(), names(near)));
                }
            }
        }
        return new LeakReport(exact, nearly, rows[1], rows[2]);
    }

    private static boolean isOnePart(int bits) {
        return Integer.bitCount(bits) == 1;
    }

    private static List<String> names(int bits) {
        return IntStream.range(0, PARTS.size())
                .filter(p -> (bits >> p & 1) == 1)
                .mapToObj(PARTS::get)
                .toList();
    }

    /** Lower case, runs of white space as one space, none at the ends. */
    private static String normalised(String text) {
        var normal = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c) && !Character.isSpaceChar(c)) {
                normal.append(c);
            } else if (!normal.isEmpty() && normal.charAt(normal.length() - 1) != ' ') {
                normal.append(' ');
            }
        }
        return normal.toString().strip().toLowerCase(Locale.ROOT);
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
