package dev.attune.data;

import dev.attune.files.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a table hold the text and the label.
 *
 * @param text positions, one or more
 * @param label position, or {@code null} where the table has no labels
 * @param width how many columns there are
 */
record Columns(List<Integer> text, @Nullable Integer label, int width) {
    /** In the order of preference. */
    private static final List<String> TEXT_NAMES = List.of(
            "text",
            "sentence",
            "message",
            "tweet",
            "content",
            "review",
            "question",
            "utterance",
            "query",
            "sms",
            "comment",
            "body",
            "document",
            "title");

    private static final List<String> LABEL_NAMES =
            List.of("label", "labels", "category", "class", "target", "intent", "sentiment", "coarse_label", "y");

    private static final List<String> OTHER_NAMES = List.of("id", "idx", "index", "v1", "v2");

    /**
     * The columns {@code options} name, or those whose names say what they hold.
     *
     * @throws InputException listing {@code names} when one is missing or none can be guessed
     */
    static Columns choose(Path file, List<String> names, ReadOptions options) {
        Integer label = label(file, names, options);
        List<Integer> text = text(file, names, options);
        if (text.isEmpty()) {
            throw new InputException("Which column of " + file + " holds the text cannot be told from its columns "
                    + Listing.of(names) + ". Name it with --text-column" + hint(names));
        }
        boolean isText = label != null && text.contains(label) && options.labelColumn() == null;
        return new Columns(text, isText ? null : label, names.size());
    }

    /** The label's column, or {@code null} where none is named and none looks like one. */
    static @Nullable Integer label(Path file, List<String> names, ReadOptions options) {
        return options.labelColumn() == null
                ? guessLabel(names, options)
                : Integer.valueOf(find(file, names, options.labelColumn(), "--label-column"));
    }

    /** The text's columns, or none where none is named and none looks like one. */
    static List<Integer> text(Path file, List<String> names, ReadOptions options) {
        if (options.textColumns().isEmpty()) {
            Integer guessed = guessText(names, label(file, names, options));
            return guessed == null ? List.of() : List.of(guessed);
        }
        return options.textColumns().stream()
                .map(column -> find(file, names, column, "--text-column"))
                .toList();
    }

    /** Whether a first row names columns: those asked for, or usual ones. */
    static boolean looksLikeHeader(List<String> cells, ReadOptions options) {
        var asked = new ArrayList<>(options.textColumns());
        if (options.labelColumn() != null) {
            asked.add(options.labelColumn());
        }
        if (asked.stream().anyMatch(column -> !isPosition(column))) {
            return true;
        }
        return cells.stream()
                .map(Columns::normalised)
                .anyMatch(
                        cell -> TEXT_NAMES.contains(cell) || LABEL_NAMES.contains(cell) || OTHER_NAMES.contains(cell));
    }

    private static int find(Path file, List<String> names, String wanted, String option) {
        int exact = names.indexOf(wanted);
        if (exact >= 0) {
            return exact;
        }
        var alike = IntStream.range(0, names.size())
                .filter(i -> names.get(i).strip().equalsIgnoreCase(wanted.strip()))
                .toArray();
        if (alike.length == 1) {
            return alike[0];
        }
        if (isPosition(wanted) && Integer.parseInt(wanted) < names.size()) {
            return Integer.parseInt(wanted);
        }
        throw new InputException(file + " has no column '" + wanted + "'; its columns are " + Listing.of(names)
                + ". Name one of them with " + option + hint(names));
    }

    private static boolean isPosition(String column) {
        return column.matches("\\d{1,4}");
    }

    private static @Nullable Integer guessLabel(List<String> names, ReadOptions options) {
        if (names.size() == 1) {
            return null;
        }
        Integer named = byName(names, LABEL_NAMES);
        return named == null && isKaggleSpam(names) && !options.textColumns().contains("v1")
                ? Integer.valueOf(0)
                : named;
    }

    private static @Nullable Integer guessText(List<String> names, @Nullable Integer label) {
        if (names.size() == 1) {
            return 0;
        }
        if (isKaggleSpam(names)) {
            return 1;
        }
        Integer named = byName(names, TEXT_NAMES);
        if (named != null && !named.equals(label)) {
            return named;
        }
        return names.size() == 2 && label != null ? Integer.valueOf(1 - label) : null;
    }

    /** A usual name as it stands, else one that is a word of a single column's name, such as "Tweet text". */
    private static @Nullable Integer byName(List<String> names, List<String> usual) {
        for (String name : usual) {
            for (int i = 0; i < names.size(); i++) {
                if (normalised(names.get(i)).equals(name)) {
                    return i;
                }
            }
        }
        for (String name : usual) {
            var having = IntStream.range(0, names.size())
                    .filter(i -> List.of(normalised(names.get(i)).split("_")).contains(name))
                    .toArray();
            if (having.length == 1) {
                return having[0];
            }
        }
        return null;
    }

    /** The spam collection as Kaggle has it: columns v1 (label), v2 (text) and three empty ones. */
    private static boolean isKaggleSpam(List<String> names) {
        return names.size() >= 2 && names.get(0).equals("v1") && names.get(1).equals("v2");
    }

    private static String normalised(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "_");
    }

    private static String hint(List<String> names) {
        if (names.size() == 1 && names.get(0).matches("(?s).*[,;\t|].*")) {
            return "; if these are several columns, say with --delimiter what separates them.";
        }
        return ".";
    }
}
