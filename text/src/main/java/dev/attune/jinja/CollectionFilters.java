package dev.attune.jinja;

import dev.attune.jinja.Arguments.Bound;
import dev.attune.jinja.Filters.Filter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Jinja's filters on lists, dicts and what else can be iterated. */
final class CollectionFilters {
    private static final Comparator<Object> ORDER = (a, b) -> Comparison.compare(a, b, "<");

    private CollectionFilters() {}

    static void addTo(Map<String, Filter> filters) {
        Filters.put(filters, "list", (value, a) -> Access.list(value));
        Filters.put(filters, "first", (value, a) -> first(value));
        Filters.put(filters, "last", (value, a) -> last(value));
        Filters.put(filters, "reverse", (value, a) -> reverse(value));
        Filters.put(filters, "items", (value, a) -> items(value));
        Filters.put(filters, "join", CollectionFilters::join, "d?", "attribute?");
        Filters.put(filters, "sum", CollectionFilters::sum, "attribute?", "start?");
        Filters.put(filters, "sort", CollectionFilters::sort, "reverse?", "case_sensitive?", "attribute?");
        Filters.put(filters, "dictsort", CollectionFilters::dictSort, "case_sensitive?", "by?", "reverse?");
        Filters.put(filters, "unique", CollectionFilters::unique, "case_sensitive?", "attribute?");
        Filters.put(filters, "min", (value, a) -> extreme(value, a, ORDER.reversed()), "case_sensitive?", "attribute?");
        Filters.put(filters, "max", (value, a) -> extreme(value, a, ORDER), "case_sensitive?", "attribute?");
        filters.put("map", CollectionFilters::map);
        filters.put("select", (value, arguments) -> select(value, arguments, false, true));
        filters.put("reject", (value, arguments) -> select(value, arguments, false, false));
        filters.put("selectattr", (value, arguments) -> select(value, arguments, true, true));
        filters.put("rejectattr", (value, arguments) -> select(value, arguments, true, false));
    }

    /** The item or attribute of each value at {@code path}: {@code a}, {@code a.b.0}, an index, or None for itself. */
    private static UnaryOperator<Object> getter(Object path) {
        if (path == None.NONE) {
            return value -> value;
        }
        return getter(path, None.NONE);
    }

    /** The same; what is undefined on the way is {@code otherwise}, where that is not None. */
    private static UnaryOperator<Object> getter(Object path, Object otherwise) {
        List<?> steps = path instanceof String s ? Arrays.asList(s.split("\\.", -1)) : List.of(path);
        return value -> {
            Object at = value;
            for (Object step : steps) {
                boolean index = step instanceof String s && s.matches("\\d{1,9}");
                at = Access.item(at, index ? (Object) Long.valueOf((String) step) : step);
                at = at instanceof Undefined && otherwise != None.NONE ? otherwise : at;
            }
            return at;
        };
    }

    private static UnaryOperator<Object> key(Bound arguments, int attribute, boolean caseSensitive) {
        UnaryOperator<Object> getter = getter(arguments.or(attribute, None.NONE));
        return value -> caseKey(getter.apply(value), caseSensitive);
    }

    private static Object caseKey(Object value, boolean caseSensitive) {
        return !caseSensitive && value instanceof String s ? Text.lower(s) : value;
    }

    private static Object first(Object value) {
        var items = Access.iterate(value).iterator();
        return items.hasNext() ? items.next() : new Undefined("No first item, sequence was empty.");
    }

    private static Object last(Object value) {
        if (value instanceof Generator) {
            throw new TemplateException("'generator' object is not reversible");
        }
        List<Object> items = Access.list(value);
        return items.isEmpty() ? new Undefined("No last item, sequence was empty.") : items.get(items.size() - 1);
    }

    private static Object reverse(Object value) {
        List<Object> items = Access.list(value);
        Collections.reverse(items);
        return value instanceof String
                ? String.join("", items.stream().map(Printing::str).toList())
                : new Generator(items);
    }

    private static Generator items(Object value) {
        if (value instanceof Undefined) {
            return new Generator(List.of());
        } else if (value instanceof Map<?, ?> map) {
            return new Generator(Access.pairs(map));
        }
        throw new TemplateException("items: can only get item pairs from a mapping");
    }

    private static String join(Object value, Bound arguments) {
        UnaryOperator<Object> getter = getter(arguments.or(1, None.NONE));
        String separator = Printing.str(arguments.or(0, ""));
        var result = new StringBuilder();
        boolean first = true;
        for (Object item : Access.iterate(value)) {
            result.append(first ? "" : separator).append(Printing.str(getter.apply(item)));
            Limits.checkChars(result.length());
            first = false;
        }
        return result.toString();
    }

    private static Object sum(Object value, Bound arguments) {
        UnaryOperator<Object> getter = getter(arguments.or(0, None.NONE));
        Object sum = arguments.or(1, 0L);
        if (sum instanceof String) {
            throw new TemplateException("sum() can't sum strings");
        }
        for (Object item : Access.iterate(value)) {
            sum = Arithmetic.apply("+", sum, getter.apply(item));
        }
        return sum;
    }

    private static List<Object> sort(Object value, Bound arguments) {
        Object attribute = arguments.or(2, None.NONE);
        List<?> paths = attribute instanceof String s ? Arrays.asList(s.split(",", -1)) : List.of(attribute);
        var getters = paths.stream().map(CollectionFilters::getter).toList();
        boolean caseSensitive = arguments.truth(1, false);
        return sorted(
                Access.list(value),
                item -> new ArrayList<>(getters.stream()
                        .map(getter -> caseKey(getter.apply(item), caseSensitive))
                        .toList()),
                arguments.truth(0, false));
    }

    private static List<Object> sorted(List<Object> items, UnaryOperator<Object> key, boolean reverse) {
        Comparator<Object> byKey = Comparator.comparing(key, ORDER);
        items.sort(reverse ? byKey.reversed() : byKey);
        return items;
    }

    private static List<Object> dictSort(Object value, Bound arguments) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new TemplateException("dictsort takes a mapping, not '" + Types.name(value) + "'");
        }
        String by = arguments.text(1, "key");
        if (!by.equals("key") && !by.equals("value")) {
            throw new TemplateException("dictsort sorts by 'key' or 'value'");
        }
        boolean caseSensitive = arguments.truth(0, false);
        int position = by.equals("key") ? 0 : 1;
        return sorted(
                Access.pairs(map),
                pair -> caseKey(((Tuple) pair).get(position), caseSensitive),
                arguments.truth(2, false));
    }

    private static Generator unique(Object value, Bound arguments) {
        UnaryOperator<Object> key = key(arguments, 1, arguments.truth(0, false));
        var seen = new ArrayList<Object>();
        var unique = new ArrayList<Object>();
        for (Object item : Access.iterate(value)) {
            Object itemKey = Types.lookup(key.apply(item));
            if (seen.stream().noneMatch(other -> Comparison.equal(other, itemKey))) {
                seen.add(itemKey);
                unique.add(item);
            }
        }
        return new Generator(unique);
    }

    /** The first of the items that stand last in the order. */
    private static Object extreme(Object value, Bound arguments, Comparator<Object> order) {
        UnaryOperator<Object> key = key(arguments, 1, arguments.truth(0, false));
        Comparator<Object> byKey = Comparator.comparing(key, order);
        return Access.list(value).stream()
                .reduce((a, b) -> byKey.compare(b, a) > 0 ? b : a)
                .orElse(new Undefined("No aggregated item, sequence was empty."));
    }

    private static Generator map(Object value, Arguments arguments) {
        UnaryOperator<Object> function;
        if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
            var bound = arguments.bind("map", "attribute", "default?");
            function = getter(bound.required(0), bound.or(1, None.NONE));
        } else {
            String filter = name("map", arguments, 0);
            function = item -> Filters.apply(filter, item, arguments.from(1));
        }
        return new Generator(itemsIfTrue(value).stream().map(function).iterator());
    }

    /** Jinja2 asks for the truth first: None has no items here, instead of an error. */
    private static List<Object> itemsIfTrue(Object value) {
        return Comparison.truth(value) ? Access.list(value) : List.of();
    }

    private static String name(String filter, Arguments arguments, int i) {
        if (i < arguments.positional().size() && arguments.positional().get(i) instanceof String name) {
            return name;
        }
        throw new TemplateException(filter + " takes a name as its argument");
    }

    /** Items, or items with an attribute, for which a test (their truth, where none is named) holds or fails. */
    private static Generator select(Object value, Arguments arguments, boolean byAttribute, boolean wanted) {
        int given = byAttribute ? 1 : 0;
        if (arguments.positional().size() < given) {
            throw new TemplateException("selectattr and rejectattr take the name of an attribute");
        }
        UnaryOperator<Object> getter =
                getter(byAttribute ? arguments.positional().get(0) : None.NONE);
        Predicate<Object> test;
        if (arguments.positional().size() > given) {
            String name = name("select", arguments, given);
            test = item -> Tests.holds(name, item, arguments.from(given + 1));
        } else {
            test = Comparison::truth;
        }
        return new Generator(itemsIfTrue(value).stream()
                .filter(item -> test.test(getter.apply(item)) == wanted)
                .iterator());
    }
}
