package dev.attune.explore.baseline;

import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What a text is taken apart into, in lower case.
 *
 * @param kind as scikit-learn's analyzer
 * @param shortest n-grams, in words or characters
 * @param longest n-grams
 */
public record Terms(Kind kind, int shortest, int longest) {
    /** What n-grams are of. */
    public enum Kind {
        /** Words of two letters, digits or underscores and more: the pattern {@code (?u)\b\w\w+\b}. */
        WORDS,
        /** Characters of one word each, with a space before and behind it (scikit-learn's char_wb). */
        CHARACTERS
    }

    /** What Python's {@code str.split} takes for it. */
    private static final Pattern WHITESPACE = Pattern.compile("[\\s\\x1c-\\x1f\\x85\\p{Z}]+");

    public Terms {
        if (shortest < 1 || longest < shortest) {
            throw new InputException(
                    "n-grams of " + shortest + " to " + longest + " were asked for; lengths rise from 1.");
        }
    }

    /** Hands over each term, as often as it stands there. */
    public void forEach(String text, Consumer<String> consumer) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (kind == Kind.WORDS) {
            ofWords(words(lower), consumer);
        } else {
            for (String word : WHITESPACE.split(lower, -1)) {
                if (!word.isEmpty()) {
                    ofCharacters((" " + word + " ").codePoints().toArray(), consumer);
                }
            }
        }
    }

    private static List<String> words(String text) {
        var words = new ArrayList<String>();
        int start = 0;
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (!isWordCharacter(c)) {
                addWord(text, start, at, words);
                start = at + Character.charCount(c);
            }
            at += Character.charCount(c);
        }
        addWord(text, start, at, words);
        return words;
    }

    private static void addWord(String text, int start, int end, List<String> words) {
        if (end - start >= 2 && text.codePointCount(start, end) >= 2) {
            words.add(text.substring(start, end));
        }
    }

    /** Python's {@code \w}: letters, everything with a numeric value, the underscore; no combining marks. */
    private static boolean isWordCharacter(int c) {
        return Character.isLetterOrDigit(c)
                || c == '_'
                || Character.getType(c) == Character.LETTER_NUMBER
                || Character.getType(c) == Character.OTHER_NUMBER;
    }

    private void ofWords(List<String> words, Consumer<String> consumer) {
        for (int n = shortest; n <= longest; n++) {
            for (int i = 0; i + n <= words.size(); i++) {
                consumer.accept(n == 1 ? words.get(i) : String.join(" ", words.subList(i, i + n)));
            }
        }
    }

    private void ofCharacters(int[] word, Consumer<String> consumer) {
        for (int n = shortest; n <= longest; n++) {
            if (n >= word.length) {
                consumer.accept(new String(word, 0, word.length)); // a short word counts once, not for each n
                return;
            }
            for (int i = 0; i + n <= word.length; i++) {
                consumer.accept(new String(word, i, n));
            }
        }
    }
}
