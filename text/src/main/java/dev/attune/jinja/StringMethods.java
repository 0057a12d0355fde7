package dev.attune.jinja;

import dev.attune.jinja.Arguments.Bound;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str}. */
final class StringMethods {
    private static final Map<String, Method> METHODS = new HashMap<>();
    private static final Set<String> UNSUPPORTED = Set.of(
            "casefold",
            "encode",
            "expandtabs",
            "format_map",
            "isidentifier",
            "isprintable",
            "istitle",
            "maketrans",
            "translate");

    private StringMethods() {}

    private interface Method {
        Object call(String self, Arguments arguments);
    }

    private interface BoundMethod {
        Object call(String self, Bound arguments);
    }

    static {
        method("upper", (s, a) -> Text.upper(s));
        method("lower", (s, a) -> Text.lower(s));
        method("title", (s, a) -> Text.title(s));
        method("capitalize", (s, a) -> Text.capitalize(s));
        method("swapcase", (s, a) -> swapCase(s));
        method("strip", (s, a) -> Text.strip(s, optional(a, 0), true, true), "chars?");
        method("lstrip", (s, a) -> Text.strip(s, optional(a, 0), true, false), "chars?");
        method("rstrip", (s, a) -> Text.strip(s, optional(a, 0), false, true), "chars?");
        method("split", (s, a) -> Text.split(s, optional(a, 0), a.integer(1, -1)), "sep?", "maxsplit?");
        method("rsplit", (s, a) -> Text.splitRight(s, optional(a, 0), a.integer(1, -1)), "sep?", "maxsplit?");
        method("splitlines", (s, a) -> Text.lines(s, a.truth(0, false)), "keepends?");
        method("partition", (s, a) -> partition(s, a.text(0, ""), false), "sep");
        method("rpartition", (s, a) -> partition(s, a.text(0, ""), true), "sep");
        method(
                "replace",
                (s, a) -> Text.replace(s, a.text(0, ""), a.text(1, ""), a.integer(2, -1)),
                "old",
                "new",
                "count?");
        method("removeprefix", (s, a) -> removePrefix(s, a.text(0, "")), "prefix");
        method("removesuffix", (s, a) -> removeSuffix(s, a.text(0, "")), "suffix");
        method("startswith", (s, a) -> affix(s, a, true), "prefix", "start?", "end?");
        method("endswith", (s, a) -> affix(s, a, false), "suffix", "start?", "end?");
        method("find", (s, a) -> find(s, a, false), "sub", "start?", "end?");
        method("rfind", (s, a) -> find(s, a, true), "sub", "start?", "end?");
        method("index", (s, a) -> index(s, a, false), "sub", "start?", "end?");
        method("rindex", (s, a) -> index(s, a, true), "sub", "start?", "end?");
        method("count", StringMethods::count, "sub", "start?", "end?");
        method("join", (s, a) -> join(s, a.required(0)), "iterable");
        method("zfill", (s, a) -> zeroFill(s, a.integer(0, 0)), "width");
        method("ljust", (s, a) -> Text.pad(s, a.integer(0, 0), a.text(1, " "), '<'), "width", "fillchar?");
        method("rjust", (s, a) -> Text.pad(s, a.integer(0, 0), a.text(1, " "), '>'), "width", "fillchar?");
        method("center", (s, a) -> center(s, a.integer(0, 0), a.text(1, " ")), "width", "fillchar?");
        method("isalpha", (s, a) -> all(s, Character::isLetter));
        method("isdigit", (s, a) -> all(s, StringMethods::isDigit));
        method("isdecimal", (s, a) -> all(s, Character::isDigit));
        method("isnumeric", (s, a) -> all(s, StringMethods::isNumeric));
        method("isalnum", (s, a) -> all(s, c -> Character.isLetter(c) || isNumeric(c)));
        method("isspace", (s, a) -> all(s, Text::isSpace));
        method("isascii", (s, a) -> s.isEmpty() || all(s, c -> c < 0x80));
        method("isupper", (s, a) -> isUpper(s));
        method("islower", (s, a) -> isLower(s));
        METHODS.put("format", BraceFormat::format);
    }

    /** The method, bound to {@code self}; null where a {@code str} has none of that name. */
    static @Nullable Invocable find(String self, String name) {
        Method method = METHODS.get(name);
        if (method == null && UNSUPPORTED.contains(name)) {
            throw TemplateException.unsupported("the string method '" + name + "'");
        }
        return method == null ? null : arguments -> method.call(self, arguments);
    }

    private static void method(String name, BoundMethod method, String... parameters) {
        METHODS.put(name, (self, arguments) -> method.call(self, arguments.bind(name, parameters)));
    }

    /** A string, or null where it is left out or None. */
    private static @Nullable String optional(Bound arguments, int i) {
        return arguments.or(i, None.NONE) == None.NONE ? null : arguments.text(i, "");
    }

    private static String swapCase(String s) {
        var result = new StringBuilder();
        s.codePoints()
                .mapToObj(Character::toString)
                .forEach(c -> result.append(Character.isUpperCase(c.codePointAt(0)) ? Text.lower(c) : Text.upper(c)));
        return result.toString();
    }

    private static Tuple partition(String s, String separator, boolean last) {
        Text.checkSeparator(separator);
        int at = last ? s.lastIndexOf(separator) : s.indexOf(separator);
        if (at < 0) {
            return last ? Tuple.of("", "", s) : Tuple.of(s, "", "");
        }
        return Tuple.of(s.substring(0, at), separator, s.substring(at + separator.length()));
    }

    private static String removePrefix(String s, String prefix) {
        return s.startsWith(prefix) ? s.substring(prefix.length()) : s;
    }

    private static String removeSuffix(String s, String suffix) {
        return s.endsWith(suffix) ? s.substring(0, s.length() - suffix.length()) : s;
    }

    /** The part of {@code s} that start and end (arguments 1 and 2) leave, or null where start is past its end. */
    private static @Nullable String window(String s, Bound arguments) {
        Long start = Types.asIndex(arguments.or(1, 0L));
        Object part = Access.slice(s, arguments.or(1, None.NONE), arguments.or(2, None.NONE), None.NONE);
        return start != null && start > Text.length(s) ? null : (String) part;
    }

    private static boolean affix(String s, Bound arguments, boolean prefix) {
        String part = window(s, arguments);
        Object wanted = arguments.required(0);
        List<?> any = wanted instanceof Tuple tuple ? tuple : List.of(arguments.text(0, ""));
        return any.stream().anyMatch(affix -> {
            if (!(affix instanceof String text)) {
                throw new TemplateException("startswith() and endswith() take strings, not " + Types.name(affix));
            }
            return part != null && (prefix ? part.startsWith(text) : part.endsWith(text));
        });
    }

    private static long find(String s, Bound arguments, boolean last) {
        String part = window(s, arguments);
        String wanted = arguments.text(0, "");
        int at = part == null ? -1 : last ? part.lastIndexOf(wanted) : part.indexOf(wanted);
        if (part == null || at < 0) {
            return -1;
        }
        Long start = Types.asIndex(arguments.or(1, 0L));
        long before = start == null ? 0 : start < 0 ? Math.max(0, start + Text.length(s)) : start;
        return before + part.codePointCount(0, at);
    }

    private static long index(String s, Bound arguments, boolean last) {
        long at = find(s, arguments, last);
        if (at < 0) {
            throw new TemplateException("substring not found");
        }
        return at;
    }

    private static long count(String s, Bound arguments) {
        String part = window(s, arguments);
        String wanted = arguments.text(0, "");
        if (part == null) {
            return 0;
        }
        return wanted.isEmpty()
                ? Text.length(part) + 1L
                : Text.split(part, wanted, -1).size() - 1L;
    }

    private static String join(String separator, Object iterable) {
        var result = new StringBuilder();
        int i = 0;
        for (Object item : Access.iterate(iterable)) {
            if (!(item instanceof String || item instanceof Markup)) {
                throw new TemplateException(
                        "join(): item " + i + " is of type '" + Types.name(item) + "', not a string");
            }
            result.append(i++ == 0 ? "" : separator).append(Printing.str(item));
            Limits.checkChars(result.length());
        }
        return result.toString();
    }

    private static String zeroFill(String s, int width) {
        int sign = s.startsWith("-") || s.startsWith("+") ? 1 : 0;
        return s.substring(0, sign) + Text.pad(s.substring(sign), width - sign, "0", '>');
    }

    /** Unlike the format specification's {@code ^}, str.center puts an odd blank on the left of an odd width. */
    static String center(String s, int width, String fill) {
        int missing = width - Text.length(s);
        int left = missing / 2 + (missing & width & 1);
        return missing <= 0 ? s : Text.pad(Text.pad(s, Text.length(s) + left, fill, '>'), width, fill, '<');
    }

    private static boolean all(String s, IntPredicate test) {
        return !s.isEmpty() && s.codePoints().allMatch(test);
    }

    /** Decimal digits, and those that are raised, lowered or in circles. */
    private static boolean isDigit(int c) {
        return Character.isDigit(c) || "¹²³⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉①②③④⑤⑥⑦⑧⑨".indexOf(c) >= 0;
    }

    private static boolean isNumeric(int c) {
        return Character.isDigit(c)
                || Character.getType(c) == Character.OTHER_NUMBER
                || Character.getType(c) == Character.LETTER_NUMBER;
    }

    static boolean isUpper(String s) {
        return s.codePoints().anyMatch(Character::isUpperCase)
                && s.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
    }

    static boolean isLower(String s) {
        return s.codePoints().anyMatch(Character::isLowerCase)
                && s.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
    }
}
