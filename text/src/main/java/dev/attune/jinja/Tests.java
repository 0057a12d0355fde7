package dev.attune.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What may stand behind {@code is}. */
final class Tests {
    private static final Map<String, Test> TESTS = new HashMap<>();

    private Tests() {}

    private interface Test {
        boolean holds(Object value, Arguments arguments);
    }

    private interface Plain {
        boolean holds(Object value);
    }

    private interface Compared {
        boolean holds(Object value, Object other);
    }

    static {
        plain("defined", value -> !(value instanceof Undefined));
        plain("undefined", value -> value instanceof Undefined);
        plain("none", value -> value == None.NONE);
        plain("boolean", value -> value instanceof Boolean);
        plain("true", value -> Boolean.TRUE.equals(value));
        plain("false", value -> Boolean.FALSE.equals(value));
        plain("integer", value -> Types.name(value).equals("int"));
        plain("float", value -> value instanceof Double);
        plain("number", Types::isNumber);
        plain("string", value -> value instanceof String || value instanceof Markup);
        plain("mapping", value -> value instanceof Map);
        plain("sequence", value -> isText(value) || value instanceof List || value instanceof Map);
        plain("iterable", Tests::isIterable);
        plain("callable", value -> value instanceof Invocable || value instanceof Undefined);
        plain("escaped", value -> value instanceof Markup);
        plain("lower", value -> StringMethods.isLower(Printing.str(value)));
        plain("upper", value -> StringMethods.isUpper(Printing.str(value)));
        plain("odd", value -> Comparison.equal(Arithmetic.apply("%", value, 2L), 1L));
        plain("even", value -> Comparison.equal(Arithmetic.apply("%", value, 2L), 0L));
        plain("filter", value -> value instanceof String name && Filters.exists(name));
        plain("test", value -> value instanceof String name && TESTS.containsKey(name));
        compared((value, num) -> Comparison.equal(Arithmetic.apply("%", value, num), 0L), "divisibleby");
        compared(Tests::isSame, "sameas");
        compared((value, container) -> Comparison.contains(container, value), "in");
        compared(Comparison::equal, "eq", "==", "equalto");
        compared((value, other) -> !Comparison.equal(value, other), "ne", "!=");
        compared((value, other) -> Comparison.compares(value, "<", other), "lt", "<", "lessthan");
        compared((value, other) -> Comparison.compares(value, "<=", other), "le", "<=");
        compared((value, other) -> Comparison.compares(value, ">", other), "gt", ">", "greaterthan");
        compared((value, other) -> Comparison.compares(value, ">=", other), "ge", ">=");
    }

    private static void plain(String name, Plain test) {
        TESTS.put(name, (value, arguments) -> {
            arguments.bind(name);
            return test.holds(value);
        });
    }

    private static void compared(Compared test, String... names) {
        for (String name : names) {
            TESTS.put(
                    name,
                    (value, arguments) ->
                            test.holds(value, arguments.bind(name, "other").required(0)));
        }
    }

    static boolean holds(String name, Object value, Arguments arguments) {
        Test test = TESTS.get(name);
        if (test == null) {
            throw new TemplateException("there is no test named '" + name + "'");
        }
        return test.holds(value, arguments);
    }

    // Undefined has no items, but Python's questions find that it could be iterated and indexed.
    private static boolean isText(Object value) {
        return value instanceof String || value instanceof Markup || value instanceof Undefined;
    }

    private static boolean isIterable(Object value) {
        return isText(value)
                || value instanceof List
                || value instanceof Map
                || value instanceof DictView
                || value instanceof Generator
                || value instanceof Loop;
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Object value, Object other) {
        boolean shared = value instanceof Boolean || value instanceof String || value instanceof Long;
        return shared ? value.equals(other) : value == other;
    }
}
