package dev.attune.cli;

import java.util.Map;
import java.util.stream.Collectors;

/** Text cut and joined so that it fits a line. */
final class Terminal {
    private static final int LABELS_SHOWN = 6;

    private Terminal() {}

    /** The text without line breaks and other control characters, at most {@code width} characters long. */
    static String oneLine(String text, int width) {
        String line = oneLine(text);
        if (line.codePointCount(0, line.length()) <= width) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, width - 1)) + "…";
    }

    /** The text without line breaks and other control characters. */
    static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    }

    /** {@code ham 4827, spam 747}; of many labels only their number. */
    static String counts(Map<String, Integer> counts) {
        if (counts.size() > LABELS_SHOWN) {
            return counts.size() + " labels";
        }
        return counts.entrySet().stream()
                .map(count -> count.getKey() + " " + count.getValue())
                .collect(Collectors.joining(", "));
    }
}
