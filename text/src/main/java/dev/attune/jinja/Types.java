package dev.attune.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which Python type a value has, and Java values made into such. */
final class Types {
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private Types() {}

    /** Python's name of the value's type. */
    static String name(Object value) {
        if (value == None.NONE) {
            return "NoneType";
        } else if (value instanceof Boolean) {
            return "bool";
        } else if (value instanceof Long || value instanceof BigInteger) {
            return "int";
        } else if (value instanceof Double) {
            return "float";
        } else if (value instanceof String) {
            return "str";
        } else if (value instanceof Tuple) {
            return "tuple";
        } else if (value instanceof Range) {
            return "range";
        } else if (value instanceof List) {
            return "list";
        } else if (value instanceof Map) {
            return "dict";
        } else if (value instanceof DictView view) {
            return view.type();
        } else if (value instanceof Generator) {
            return "generator";
        } else if (value instanceof Invocable && !(value instanceof Attributes)) {
            return "function";
        }
        return value.getClass().getSimpleName();
    }

    static boolean isList(Object value) {
        return value instanceof List && !(value instanceof Tuple) && !(value instanceof Range);
    }

    static boolean isNumber(Object value) {
        return value instanceof Long
                || value instanceof Double
                || value instanceof Boolean
                || value instanceof BigInteger;
    }

    /** An int or bool as a number to count or index with. */
    static @Nullable Long asIndex(Object value) {
        if (value instanceof Boolean b) {
            return b ? 1L : 0L;
        }
        return value instanceof Long n ? n : null;
    }

    static Object integer(BigInteger value) {
        return value.compareTo(MIN) >= 0 && value.compareTo(MAX) <= 0 ? (Object) value.longValue() : value;
    }

    /** A key of a dict. Python takes any hashable value; templates use strings and now and then an int. */
    static Object key(Object key) {
        if (key instanceof String || key instanceof Long || key == None.NONE) {
            return key;
        }
        throw TemplateException.unsupported("a dict key of type '" + name(key) + "'");
    }

    /** What is looked up in a dict: True is 1 there, and 1.0 is 1. */
    static Object lookup(Object key) {
        if (isList(key) || key instanceof Map) {
            throw new TemplateException("unhashable type: '" + name(key) + "'");
        } else if (key instanceof Boolean b) {
            return b ? 1L : 0L;
        }
        return key instanceof Double d && d == d.longValue() ? (Object) d.longValue() : key;
    }

    /**
     * The value as templates see it: copied, so that nothing of Java's is left in it.
     *
     * @throws IllegalArgumentException when it is none of null, a string, a number, a boolean, a list and a map with
     *     strings as keys, or holds such
     */
    static Object ofJava(@Nullable Object value) {
        if (value == null) {
            return None.NONE;
        } else if (value instanceof String || value instanceof Boolean || value instanceof Double) {
            return value;
        } else if (value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte) {
            return ((Number) value).longValue();
        } else if (value instanceof Float f) {
            return (double) f;
        } else if (value instanceof BigInteger n) {
            return integer(n);
        } else if (value instanceof List<?> list) {
            var copy = new ArrayList<Object>(list.size());
            list.forEach(item -> copy.add(ofJava(item)));
            return copy;
        } else if (value instanceof Map<?, ?> map) {
            var copy = new LinkedHashMap<Object, Object>();
            map.forEach((key, item) -> {
                if (!(key instanceof String)) {
                    throw new IllegalArgumentException("A map for a template has strings as keys, not " + key + ".");
                }
                copy.put(key, ofJava(item));
            });
            return copy;
        }
        throw new IllegalArgumentException("A template takes null, strings, numbers, booleans, lists and maps, not "
                + value.getClass().getName() + ".");
    }
}
