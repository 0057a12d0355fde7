package dev.attune.explore.text;

import java.lang.Character.UnicodeScript;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Texts that look damaged or are of another kind than the rest.
 *
 * @param found kinds that occur, in the order of {@link Kind}
 */
public record TextOddities(List<Oddity> found) {
    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final Pattern NOT_ASCII = Pattern.compile("[^\\x00-\\x7f]{2,}");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}&&[^\\t\\n\\r]]");
    private static final Pattern ENTITY = Pattern.compile("&(#\\d{2,6}|#[xX][0-9a-fA-F]{2,6}|amp|lt|gt|quot|apos|nbsp|"
            + "hellip|mdash|ndash|lsquo|rsquo|ldquo|rdquo|copy|reg|pound|euro|[aeiouAEIOU](acute|grave|circ|uml));");
    private static final Pattern TAG = Pattern.compile(
            "</?(a|b|br|div|em|i|img|li|p|span|strong|table|td|tr|ul)\\b[^<>]*>", Pattern.CASE_INSENSITIVE);
    /** Fewer letters than this share of what is no white space. */
    private static final double FEW_LETTERS = 0.5;

    /** So many of the texts are in the usual script. */
    private static final double MOST_TEXTS = 0.9;

    /** What is odd about a text. */
    public enum Kind {
        EMPTY("nothing but white space"),
        MOJIBAKE("UTF-8 that was read as Windows-1252 or Latin-1, such as 'Ã©' for 'é'"),
        REPLACED("the replacement character U+FFFD: bytes that could not be read"),
        CONTROL("control characters"),
        MIXED_SCRIPTS("words of letters from several alphabets, such as a Cyrillic 'а' among Latin ones"),
        OTHER_SCRIPT("in another script than most of the texts, such as Cyrillic among Latin ones"),
        FEW_LETTERS("mostly digits, marks and signs"),
        ENTITIES("HTML entities such as '&amp;'"),
        MARKUP("HTML tags");

        private final String description;

        Kind(String description) {
            this.description = description;
        }

        /** In words. */
        public String description() {
            return description;
        }

        /**
         * Whether a text is of this kind.
         *
         * @param usual the script of the texts that it stands among; COMMON: they have no script in common
         */
        public boolean matches(String text, UnicodeScript usual) {
            return switch (this) {
                case EMPTY -> text.isBlank();
                case MOJIBAKE -> isMojibake(text);
                case REPLACED -> text.indexOf('\uFFFD') >= 0;
                case CONTROL -> CONTROLS.matcher(text).find();
                case MIXED_SCRIPTS -> mixesScripts(text);
                case OTHER_SCRIPT -> isOfOtherScript(text, usual);
                case FEW_LETTERS -> hasFewLetters(text);
                case ENTITIES -> ENTITY.matcher(text).find();
                case MARKUP -> TAG.matcher(text).find();
            };
        }
    }

    /**
     * A kind and the rows that are of it.
     *
     * @param rows from 0, in order
     */
    public record Oddity(Kind kind, List<Integer> rows) {
        public Oddity {
            rows = List.copyOf(rows);
        }
    }

    public TextOddities {
        found = List.copyOf(found);
    }

    /** Looks at every text; one may be odd in several ways. */
    public static TextOddities of(List<String> texts) {
        var usual = usualScript(texts);
        Map<Kind, List<Integer>> rows = new EnumMap<>(Kind.class);
        for (int row = 0; row < texts.size(); row++) {
            for (Kind kind : Kind.values()) {
                if (kind.matches(texts.get(row), usual)) {
                    rows.computeIfAbsent(kind, k -> new ArrayList<>()).add(row);
                }
            }
        }
        return new TextOddities(rows.entrySet().stream()
                .map(entry -> new Oddity(entry.getKey(), entry.getValue()))
                .toList());
    }

    /** Whether a run beyond ASCII becomes shorter, valid UTF-8 when it is written as what it was wrongly read as. */
    private static boolean isMojibake(String text) {
        var runs = NOT_ASCII.matcher(text);
        while (runs.find()) {
            if (isUtf8(runs.group(), WINDOWS) || isUtf8(runs.group(), StandardCharsets.ISO_8859_1)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUtf8(String run, Charset readAs) {
        try {
            ByteBuffer bytes = readAs.newEncoder().encode(CharBuffer.wrap(run));
            StandardCharsets.UTF_8.newDecoder().decode(bytes);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static UnicodeScript usualScript(List<String> texts) {
        var scripts = texts.stream()
                .map(TextOddities::script)
                .filter(script -> script != UnicodeScript.COMMON)
                .toList();
        return scripts.stream()
                .collect(Collectors.groupingBy(script -> script, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue() >= MOST_TEXTS * scripts.size())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(UnicodeScript.COMMON);
    }

    private static boolean isOfOtherScript(String text, UnicodeScript usual) {
        var script = script(text);
        return usual != UnicodeScript.COMMON && script != UnicodeScript.COMMON && script != usual;
    }

    /** That of more than half of the letters, if there is one; Japanese is one with Chinese. */
    private static UnicodeScript script(String text) {
        Map<UnicodeScript, Long> letters = text.codePoints()
                .filter(Character::isLetter)
                .mapToObj(UnicodeScript::of)
                .map(script -> switch (script) {
                    case HIRAGANA, KATAKANA -> UnicodeScript.HAN;
                    default -> script;
                })
                .collect(Collectors.groupingBy(script -> script, Collectors.counting()));
        long all = letters.values().stream().mapToLong(Long::longValue).sum();
        return letters.entrySet().stream()
                .filter(entry -> 2 * entry.getValue() > all)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(UnicodeScript.COMMON);
    }

    private static boolean mixesScripts(String text) {
        UnicodeScript word = UnicodeScript.COMMON;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            if (!Character.isLetter(c)) {
                word = UnicodeScript.COMMON;
                continue;
            }
            var script = UnicodeScript.of(c);
            if (!isAlphabet(script)) {
                continue;
            }
            if (isAlphabet(word) && word != script) {
                return true;
            }
            word = script;
        }
        return false;
    }

    /** Whose letters look alike; Japanese mixes others in every sentence. */
    private static boolean isAlphabet(UnicodeScript script) {
        return switch (script) {
            case LATIN, CYRILLIC, GREEK, ARMENIAN -> true;
            default -> false;
        };
    }

    private static boolean hasFewLetters(String text) {
        long signs = text.codePoints().filter(c -> !Character.isWhitespace(c)).count();
        long letters = text.codePoints().filter(Character::isLetter).count();
        return signs > 0 && letters < FEW_LETTERS * signs;
    }
}
