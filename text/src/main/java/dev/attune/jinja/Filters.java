package dev.attune.jinja;

import dev.attune.jinja.Arguments.Bound;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Jinja's filters by name; those on collections stand in {@link CollectionFilters}. */
final class Filters {
    private static final Map<String, Filter> FILTERS = new HashMap<>();
    private static final Set<String> UNSUPPORTED = Set.of(
            "batch",
            "center",
            "filesizeformat",
            "forceescape",
            "groupby",
            "pprint",
            "random",
            "slice",
            "striptags",
            "truncate",
            "urlencode",
            "urlize",
            "wordcount",
            "wordwrap",
            "xmlattr");

    private Filters() {}

    interface Filter {
        Object apply(Object value, Arguments arguments);
    }

    interface BoundFilter {
        Object apply(Object value, Bound arguments);
    }

    static {
        text("upper", (s, a) -> Text.upper(s));
        text("lower", (s, a) -> Text.lower(s));
        text("title", (s, a) -> title(s));
        text("capitalize", (s, a) -> Text.capitalize(s));
        text(
                "trim",
                (s, a) -> Text.strip(s, a.or(0, None.NONE) == None.NONE ? null : a.text(0, ""), true, true),
                "chars?");
        text("replace", (s, a) -> replace(s, a), "old", "new", "count?");
        filter("indent", Filters::indent, "width?", "first?", "blank?");
        filter("string", (value, a) -> value instanceof Markup ? value : Printing.str(value));
        filter("safe", (value, a) -> new Markup(Printing.str(value)));
        filter("escape", (value, a) -> escape(value));
        filter("e", (value, a) -> escape(value));
        filter("length", (value, a) -> Access.length(value));
        filter("count", (value, a) -> Access.length(value));
        filter("default", Filters::otherwise, "default_value?", "boolean?");
        filter("d", Filters::otherwise, "default_value?", "boolean?");
        filter("attr", Filters::attribute, "name");
        filter("tojson", Filters::toJson, "ensure_ascii?", "indent?", "separators?", "sort_keys?");
        filter("abs", (value, a) -> Numbers.abs(value));
        filter(
                "round",
                (value, a) -> Numbers.round(value, a.integer(0, 0), a.text(1, "common")),
                "precision?",
                "method?");
        filter("int", (value, a) -> Numbers.toInt(value, a.or(0, 0L), a.integer(1, 10)), "default?", "base?");
        filter("float", (value, a) -> Numbers.toFloat(value, a.or(0, 0.0)), "default?");
        FILTERS.put(
                "format",
                (value, arguments) -> PercentFormat.format(
                        Printing.str(value),
                        arguments.named().isEmpty()
                                ? new Tuple(arguments.positional())
                                : new HashMap<Object, Object>(arguments.named())));
        CollectionFilters.addTo(FILTERS);
    }

    static void put(Map<String, Filter> filters, String name, BoundFilter filter, String... parameters) {
        filters.put(name, (value, arguments) -> filter.apply(value, arguments.bind(name, parameters)));
    }

    private static void filter(String name, BoundFilter filter, String... parameters) {
        put(FILTERS, name, filter, parameters);
    }

    private interface TextFilter {
        Object apply(String text, Bound arguments);
    }

    private static void text(String name, TextFilter filter, String... parameters) {
        filter(name, (value, arguments) -> filter.apply(plainText(value), arguments), parameters);
    }

    /** Any value printed; what 'safe' has marked would stay marked in Jinja2. */
    private static String plainText(Object value) {
        if (value instanceof Markup) {
            throw TemplateException.unsupported("a filter on a string that 'safe' or 'escape' has marked");
        }
        return Printing.str(value);
    }

    static Object apply(String name, Object value, Arguments arguments) {
        Filter filter = FILTERS.get(name);
        if (filter == null) {
            throw UNSUPPORTED.contains(name)
                    ? TemplateException.unsupported("the filter '" + name + "'")
                    : new TemplateException("there is no filter named '" + name + "'");
        }
        return filter.apply(value, arguments);
    }

    static boolean exists(String name) {
        return FILTERS.containsKey(name) || UNSUPPORTED.contains(name);
    }

    private static Object otherwise(Object value, Bound arguments) {
        boolean missing = value instanceof Undefined || (arguments.truth(1, false) && !Comparison.truth(value));
        return missing ? arguments.or(0, "") : value;
    }

    private static Object attribute(Object value, Bound arguments) {
        String name = arguments.text(0, "");
        Object attribute = Access.ownAttribute(value, name);
        return attribute == null ? Undefined.attribute(value, name) : attribute;
    }

    private static Object toJson(Object value, Bound arguments) {
        Object indent = arguments.or(1, None.NONE);
        Long blanks = Types.asIndex(indent);
        String indentation = blanks != null ? " ".repeat((int) Math.max(0, Math.min(100, blanks))) : null;
        if (indent instanceof String s) {
            indentation = s;
        }
        Object separators = arguments.or(2, None.NONE);
        List<Object> pair = separators == None.NONE
                ? List.of(indentation == null ? ", " : ",", ": ")
                : Target.unpack(separators, 2);
        return new JsonText(
                        arguments.truth(0, false),
                        indentation,
                        Printing.str(pair.get(0)),
                        Printing.str(pair.get(1)),
                        arguments.truth(3, false))
                .write(value);
    }

    private static Markup escape(Object value) {
        if (value instanceof Markup markup) {
            return markup;
        }
        return new Markup(Printing.str(value)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;"));
    }

    private static String replace(String s, Bound arguments) {
        int count = arguments.or(2, None.NONE) == None.NONE ? -1 : arguments.integer(2, -1);
        return Text.replace(s, Printing.str(arguments.required(0)), Printing.str(arguments.required(1)), count);
    }

    /** Unlike str.title, words also begin at brackets and hyphens, and not at other signs. */
    private static String title(String s) {
        var result = new StringBuilder();
        int wordStart = 0;
        for (int i = 0; i <= s.length(); i++) {
            if (i == s.length() || Text.isSpace(s.charAt(i)) || "-({[<".indexOf(s.charAt(i)) >= 0) {
                if (i > wordStart) {
                    int first = s.offsetByCodePoints(wordStart, 1);
                    result.append(Text.upper(s.substring(wordStart, first)));
                    result.append(Text.lower(s.substring(first, i)));
                }
                result.append(i == s.length() ? "" : s.substring(i, i + 1));
                wordStart = i + 1;
            }
        }
        return result.toString();
    }

    private static String indent(Object value, Bound arguments) {
        if (!(value instanceof String s)) {
            throw new TemplateException("indent takes a string, not '" + Types.name(value) + "'");
        }
        Object width = arguments.or(0, 4L);
        String indentation = width instanceof String given ? given : Text.repeat(" ", arguments.integer(0, 4));
        boolean blank = arguments.truth(2, false);
        var lines = new ArrayList<String>();
        for (Object line : Text.lines(s + "\n", false)) {
            boolean indented = !lines.isEmpty() && (blank || !line.equals(""));
            lines.add((indented ? indentation : "") + line);
        }
        return (arguments.truth(1, false) ? indentation : "") + String.join("\n", lines);
    }
}
