package dev.attune.jinja;

import dev.attune.jinja.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a template into tokens as Jinja2 does with {@code trim_blocks} and {@code lstrip_blocks}: the line break after a
 * tag goes, and so do blanks between the start of the line and a tag; {@code -} strips all white space on its side,
 * {@code +} keeps it.
 */
final class Lexer {
    // Python's \s for text.
    private static final String SPACE =
            "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
    private static final Pattern RAW_BEGIN = Pattern.compile("\\{%([-+]?)S*rawS*(?:-%}S*|%})".replace("S", SPACE));
    private static final Pattern RAW_END =
            Pattern.compile("\\{%([-+]?)S*endrawS*(?:\\+%}|-%}S*|%}\\n?)".replace("S", SPACE));
    private static final Pattern COMMENT_END = Pattern.compile("(?:\\+#}|-#}S*|#}\\n?)".replace("S", SPACE));
    private static final Pattern TAG_END = Pattern.compile("(?:\\+%}|-%}S*|%}\\n?)".replace("S", SPACE));
    private static final Pattern PRINT_END = Pattern.compile("(?:-}}S*|}})".replace("S", SPACE));
    private static final Pattern SPACES = Pattern.compile(SPACE + "+");
    private static final Pattern FLOAT = Pattern.compile(
            "(?<!\\.)(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?[eE][+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)");
    private static final Pattern INTEGER =
            Pattern.compile("0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{Nl}_][\\p{L}\\p{Nl}\\p{Mn}\\p{Mc}\\p{Nd}\\p{Pc}]*");
    private static final Pattern STRING =
            Pattern.compile("'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"", Pattern.DOTALL);
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}><=.:|,;]");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final int[] lineBreaks;
    private int position;

    private Lexer(String template) {
        String text = template.replace("\r\n", "\n").replace('\r', '\n');
        source = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        lineBreaks = IntStream.range(0, source.length())
                .filter(i -> source.charAt(i) == '\n')
                .toArray();
    }

    static List<Token> tokens(String template) {
        var lexer = new Lexer(template);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (position < source.length()) {
            int tag = nextTag(position);
            if (tag < 0) {
                add(Kind.DATA, source.substring(position), position);
                position = source.length();
                break;
            }
            char kind = source.charAt(tag + 1);
            int after = tag + 2;
            char sign = after < source.length() ? source.charAt(after) : ' ';
            Matcher raw = matcher(RAW_BEGIN, tag);
            boolean isRaw = kind == '%' && raw.lookingAt();
            data(position, tag, sign, kind != '{');
            position = sign == '-' || sign == '+' ? after + 1 : after;
            if (isRaw) {
                position = raw.end();
                raw(tag);
            } else if (kind == '#') {
                Matcher end = matcher(COMMENT_END, position);
                if (!end.find()) {
                    throw new TemplateException("the comment that begins here has no end '#}'", line(tag));
                }
                position = end.end();
            } else if (kind == '%') {
                add(Kind.TAG_BEGIN, "{%", tag);
                code(TAG_END, Kind.TAG_END, tag);
            } else {
                add(Kind.PRINT_BEGIN, "{{", tag);
                code(PRINT_END, Kind.PRINT_END, tag);
            }
        }
        tokens.add(new Token(Kind.END, "", line(source.length())));
    }

    private int nextTag(int from) {
        for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
            if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** Text before a tag, less the white space that the tag takes away. */
    private void data(int from, int to, char sign, boolean stripsLine) {
        String text = source.substring(from, to);
        if (sign == '-') {
            text = Text.strip(text, null, false, true);
        } else if (sign != '+' && stripsLine) {
            int lineStart = text.lastIndexOf('\n') + 1;
            boolean startsLine = lineStart > 0 || from == 0 || source.charAt(from - 1) == '\n';
            if (startsLine && SPACES.matcher(text.substring(lineStart)).matches()) {
                text = text.substring(0, lineStart);
            }
        }
        if (!text.isEmpty()) {
            add(Kind.DATA, text, from);
        }
    }

    private void raw(int tag) {
        Matcher end = matcher(RAW_END, position);
        if (!end.find()) {
            throw new TemplateException("{% raw %} has no {% endraw %}", line(tag));
        }
        String sign = end.group(1);
        data(position, end.start(), sign.isEmpty() ? ' ' : sign.charAt(0), true);
        position = end.end();
    }

    /** The tokens of a tag up to its end, which is looked for only where all brackets are closed. */
    private void code(Pattern end, Kind endKind, int tag) {
        open.clear();
        while (position < source.length()) {
            Matcher m = matcher(end, position);
            if (open.isEmpty() && m.lookingAt()) {
                add(endKind, m.group(), position);
                position = m.end();
                return;
            }
            int from = position;
            if (matches(SPACES) != null) {
                continue;
            }
            String text = matches(FLOAT);
            if (text != null) {
                tokens.add(new Token(Kind.FLOAT, text, Double.valueOf(text.replace("_", "")), line(from)));
            } else if ((text = matches(INTEGER)) != null) {
                tokens.add(new Token(Kind.INTEGER, text, integer(text), line(from)));
            } else if ((text = matches(NAME)) != null) {
                add(Kind.NAME, text, from);
            } else if ((text = matches(STRING)) != null) {
                String inside = text.substring(1, text.length() - 1);
                tokens.add(new Token(Kind.STRING, text, Escapes.unescape(inside, line(from)), line(from)));
            } else if ((text = matches(OPERATOR)) != null) {
                balance(text, from);
                add(Kind.OPERATOR, text, from);
            } else {
                char c = source.charAt(position);
                throw new TemplateException(
                        c == '\'' || c == '"' ? "a string that is not closed" : "unexpected character '" + c + "'",
                        line(from));
            }
        }
        throw new TemplateException("the tag that begins here is not closed", line(tag));
    }

    private void balance(String operator, int at) {
        switch (operator) {
            case "{" -> open.push("}");
            case "(" -> open.push(")");
            case "[" -> open.push("]");
            case "}", ")", "]" -> {
                if (open.isEmpty() || !open.pop().equals(operator)) {
                    throw new TemplateException("unexpected '" + operator + "'", line(at));
                }
            }
            default -> {}
        }
    }

    private static Object integer(String text) {
        String digits = text.replace("_", "");
        int radix = digits.length() < 2
                ? 10
                : switch (Character.toLowerCase(digits.charAt(1))) {
                    case 'b' -> 2;
                    case 'o' -> 8;
                    case 'x' -> 16;
                    default -> 10;
                };
        return Types.integer(new BigInteger(radix == 10 ? digits : digits.substring(2), radix));
    }

    private @Nullable String matches(Pattern pattern) {
        Matcher m = matcher(pattern, position);
        if (!m.lookingAt()) {
            return null;
        }
        position = m.end();
        return m.group();
    }

    private Matcher matcher(Pattern pattern, int from) {
        // Transparent bounds: FLOAT looks behind.
        return pattern.matcher(source).region(from, source.length()).useTransparentBounds(true);
    }

    private void add(Kind kind, String text, int at) {
        tokens.add(new Token(kind, text, line(at)));
    }

    private int line(int at) {
        int found = Arrays.binarySearch(lineBreaks, at);
        return 1 + (found < 0 ? -found - 1 : found);
    }
}
