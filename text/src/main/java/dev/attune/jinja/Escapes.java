package dev.attune.jinja;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Backslashes in string literals, as Python's {@code unicode-escape} reads them. */
final class Escapes {
    private static final Pattern ESCAPE = Pattern.compile(
            "\\\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\\{([^}]+)}|(.))",
            Pattern.DOTALL);

    private Escapes() {}

    static String unescape(String text, int line) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        Matcher m = ESCAPE.matcher(text);
        var result = new StringBuilder();
        while (m.find()) {
            m.appendReplacement(result, "");
            if (m.group(6) == null) {
                result.appendCodePoint(codePoint(m, line));
            } else {
                simple(m.group(6), result, line);
            }
        }
        return m.appendTail(result).toString();
    }

    private static int codePoint(Matcher m, int line) {
        try {
            if (m.group(5) != null) {
                return Character.codePointOf(m.group(5));
            }
            int codePoint = m.group(1) != null
                    ? Integer.parseInt(m.group(1), 8)
                    : Integer.parseUnsignedInt(
                            m.group(2) != null ? m.group(2) : m.group(3) != null ? m.group(3) : m.group(4), 16);
            if (Character.isValidCodePoint(codePoint)) {
                return codePoint;
            }
        } catch (IllegalArgumentException e) {
            // A name that Unicode does not have.
        }
        throw new TemplateException("the escape '" + m.group() + "' stands for no character", line);
    }

    private static void simple(String c, StringBuilder result, int line) {
        switch (c) {
            case "\n" -> {}
            case "\\", "'", "\"" -> result.append(c);
            case "n" -> result.append('\n');
            case "t" -> result.append('\t');
            case "r" -> result.append('\r');
            case "a" -> result.append('\u0007');
            case "b" -> result.append('\b');
            case "f" -> result.append('\f');
            case "v" -> result.append('\u000b');
            case "x", "u", "U", "N" -> throw new TemplateException("the escape '\\" + c + "' is cut short", line);
            default -> {
                if (c.charAt(0) > 0x7f) {
                    throw new TemplateException("a backslash before '" + c + "'", line);
                }
                result.append('\\').append(c);
            }
        }
    }
}
