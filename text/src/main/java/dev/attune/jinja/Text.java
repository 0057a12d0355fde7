package dev.attune.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Strings as Python has them: counted and indexed by code point, with Python's idea of white space and lines. */
final class Text {
    private Text() {}

    static int length(String s) {
        return s.codePointCount(0, s.length());
    }

    static List<Object> characters(String s) {
        var characters = new ArrayList<Object>(s.length());
        s.codePoints().forEach(c -> characters.add(Character.toString(c)));
        return characters;
    }

    static boolean isSpace(int c) {
        return within(c, '\t', '\r')
                || within(c, 0x1c, ' ')
                || within(c, 0x2000, 0x200a)
                || "\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000".indexOf(c) >= 0;
    }

    private static boolean isLineBreak(int c) {
        return within(c, '\n', '\r') || within(c, 0x1c, 0x1e) || "\u0085\u2028\u2029".indexOf(c) >= 0;
    }

    private static boolean within(int c, int first, int last) {
        return c >= first && c <= last;
    }

    /** Without the characters of {@code chars} (white space where null) at the sides that are asked for. */
    static String strip(String s, @Nullable String chars, boolean left, boolean right) {
        int from = 0;
        int to = s.length();
        while (left && from < to && stripped(s.codePointAt(from), chars)) {
            from += Character.charCount(s.codePointAt(from));
        }
        while (right && from < to && stripped(s.codePointBefore(to), chars)) {
            to -= Character.charCount(s.codePointBefore(to));
        }
        return s.substring(from, to);
    }

    private static boolean stripped(int c, @Nullable String chars) {
        return chars == null ? isSpace(c) : chars.indexOf(c) >= 0;
    }

    /** At most {@code max} cuts from the left at {@code separator} (runs of white space where null); all where negative. */
    static List<Object> split(String s, @Nullable String separator, int max) {
        var parts = new ArrayList<Object>();
        if (separator == null) {
            String rest = strip(s, null, true, false);
            while (!rest.isEmpty()) {
                int end = 0;
                while (end < rest.length() && !isSpace(rest.codePointAt(end))) {
                    end += Character.charCount(rest.codePointAt(end));
                }
                if (parts.size() == max) {
                    parts.add(strip(rest, null, false, true));
                    break;
                }
                parts.add(rest.substring(0, end));
                rest = strip(rest.substring(end), null, true, false);
            }
            return parts;
        }
        checkSeparator(separator);
        int from = 0;
        for (int at = s.indexOf(separator); at >= 0 && parts.size() != max; at = s.indexOf(separator, from)) {
            parts.add(s.substring(from, at));
            from = at + separator.length();
        }
        parts.add(s.substring(from));
        return parts;
    }

    /** The same from the right. */
    static List<Object> splitRight(String s, @Nullable String separator, int max) {
        var parts = new ArrayList<Object>();
        if (separator == null) {
            String rest = strip(s, null, false, true);
            while (!rest.isEmpty()) {
                int start = rest.length();
                while (start > 0 && !isSpace(rest.codePointBefore(start))) {
                    start -= Character.charCount(rest.codePointBefore(start));
                }
                if (parts.size() == max) {
                    parts.add(0, strip(rest, null, true, false));
                    break;
                }
                parts.add(0, rest.substring(start));
                rest = strip(rest.substring(0, start), null, false, true);
            }
            return parts;
        }
        checkSeparator(separator);
        int to = s.length();
        while (parts.size() != max) {
            int at = s.substring(0, to).lastIndexOf(separator);
            if (at < 0) {
                break;
            }
            parts.add(0, s.substring(at + separator.length(), to));
            to = at;
        }
        parts.add(0, s.substring(0, to));
        return parts;
    }

    static void checkSeparator(String separator) {
        if (separator.isEmpty()) {
            throw new TemplateException("empty separator");
        }
    }

    static List<Object> lines(String s, boolean keepEnds) {
        var lines = new ArrayList<Object>();
        int from = 0;
        for (int i = 0; i < s.length(); i++) {
            if (isLineBreak(s.charAt(i))) {
                int end = s.startsWith("\r\n", i) ? i + 2 : i + 1;
                lines.add(s.substring(from, keepEnds ? end : i));
                from = end;
                i = end - 1;
            }
        }
        if (from < s.length()) {
            lines.add(s.substring(from));
        }
        return lines;
    }

    /** The first {@code max} occurrences replaced, all where it is negative. */
    static String replace(String s, String from, String to, int max) {
        var result = new StringBuilder();
        int rest = 0;
        int count = 0;
        int at = s.indexOf(from);
        while (at >= 0 && count != max) {
            result.append(s, rest, at).append(to);
            Limits.checkChars(result.length());
            count++;
            rest = at + from.length();
            if (from.isEmpty()) {
                // Between all characters, and at both ends.
                if (at >= s.length()) {
                    break;
                }
                int next = s.offsetByCodePoints(at, 1);
                result.append(s, at, next);
                rest = next;
                at = next;
            } else {
                at = s.indexOf(from, rest);
            }
        }
        return result.append(s, Math.min(rest, s.length()), s.length()).toString();
    }

    static String upper(String s) {
        return s.toUpperCase(Locale.ROOT);
    }

    static String lower(String s) {
        return s.toLowerCase(Locale.ROOT);
    }

    /** Each word's first letter in title case, the others in lower case; a word is a run of letters with a case. */
    static String title(String s) {
        var result = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < s.length(); i += Character.charCount(s.codePointAt(i))) {
            int c = s.codePointAt(i);
            result.append(inWord ? lower(Character.toString(c)) : titleCase(c));
            inWord = isCased(c);
        }
        return result.toString();
    }

    static String capitalize(String s) {
        if (s.isEmpty()) {
            return s;
        }
        int c = s.codePointAt(0);
        return titleCase(c) + lower(s.substring(Character.charCount(c)));
    }

    private static String titleCase(int c) {
        int title = Character.toTitleCase(c);
        if (title != c || Character.isTitleCase(c)) {
            return Character.toString(title);
        }
        // One letter that becomes several: ß is "Ss".
        String upper = upper(Character.toString(c));
        return upper.length() > 1 && upper.codePointAt(0) != c
                ? upper.charAt(0) + lower(upper.substring(1))
                : Character.toString(title);
    }

    static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    static String repeat(String s, long count) {
        long times = Math.max(0, Math.min(Integer.MAX_VALUE, count));
        Limits.checkChars(s.length() * times);
        return s.repeat((int) times);
    }

    /** Padded to {@code width} characters; {@code align} is {@code <}, {@code >} or {@code ^}. */
    static String pad(String s, int width, String fill, char align) {
        if (length(fill) != 1) {
            throw new TemplateException("the fill character must be exactly one character long");
        }
        int missing = width - length(s);
        if (missing <= 0) {
            return s;
        }
        int left = align == '<' ? 0 : align == '>' ? missing : missing / 2;
        return repeat(fill, left) + s + repeat(fill, missing - left);
    }
}
