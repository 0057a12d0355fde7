package dev.attune.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Truth, equality, order and membership as Python has them. */
final class Comparison {
    private Comparison() {}

    static boolean truth(Object value) {
        if (value instanceof Boolean b) {
            return b;
        } else if (value instanceof Long n) {
            return n != 0;
        } else if (value instanceof Double d) {
            return d != 0;
        } else if (value instanceof String s) {
            return !s.isEmpty();
        } else if (value instanceof Markup markup) {
            return !markup.text().isEmpty();
        } else if (value instanceof List<?> list) {
            return !list.isEmpty();
        } else if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        } else if (value instanceof DictView view) {
            return !view.items().isEmpty();
        }
        return value != None.NONE && !(value instanceof Undefined);
    }

    static boolean equal(Object a, Object b) {
        if (Types.isNumber(a) && Types.isNumber(b)) {
            return !isNaN(a) && !isNaN(b) && compareNumbers(a, b) == 0;
        } else if (a instanceof Undefined || b instanceof Undefined) {
            return a instanceof Undefined && b instanceof Undefined;
        } else if (a instanceof List<?> x && b instanceof List<?> y) {
            if (!Types.name(a).equals(Types.name(b)) || x.size() != y.size()) {
                return false;
            }
            for (int i = 0; i < x.size(); i++) {
                if (!equal(x.get(i), y.get(i))) {
                    return false;
                }
            }
            return true;
        } else if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return x.size() == y.size()
                    && x.entrySet().stream()
                            .allMatch(entry ->
                                    y.containsKey(entry.getKey()) && equal(entry.getValue(), y.get(entry.getKey())));
        } else if (a instanceof Markup || b instanceof Markup) {
            return isText(a) && isText(b) && Printing.str(a).equals(Printing.str(b));
        }
        return a.equals(b);
    }

    private static boolean isText(Object value) {
        return value instanceof String || value instanceof Markup;
    }

    /** Negative, zero or positive, for numbers, strings, lists and tuples. */
    static int compare(Object a, Object b, String operator) {
        if (a instanceof Undefined u) {
            throw u.error();
        } else if (b instanceof Undefined u) {
            throw u.error();
        } else if (Types.isNumber(a) && Types.isNumber(b)) {
            return compareNumbers(a, b);
        } else if (a instanceof String x && b instanceof String y) {
            return compareText(x, y);
        } else if (a instanceof List<?> x
                && b instanceof List<?> y
                && Types.name(a).equals(Types.name(b))) {
            for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
                if (!equal(x.get(i), y.get(i))) {
                    return compare(x.get(i), y.get(i), operator);
                }
            }
            return Integer.compare(x.size(), y.size());
        }
        throw new TemplateException("'" + operator + "' not supported between instances of '" + Types.name(a)
                + "' and '" + Types.name(b) + "'");
    }

    static boolean compares(Object a, String operator, Object b) {
        boolean unordered = isNaN(a) || isNaN(b);
        int order = compare(a, b, operator);
        return !unordered
                && switch (operator) {
                    case "<" -> order < 0;
                    case "<=" -> order <= 0;
                    case ">" -> order > 0;
                    default -> order >= 0;
                };
    }

    private static boolean isNaN(Object value) {
        return value instanceof Double d && Double.isNaN(d);
    }

    private static int compareNumbers(Object a, Object b) {
        if (infinite(a) || infinite(b)) {
            return Double.compare(Arithmetic.toDouble(a), Arithmetic.toDouble(b));
        }
        return decimal(a).compareTo(decimal(b));
    }

    private static boolean infinite(Object value) {
        return value instanceof Double d && !Double.isFinite(d);
    }

    private static BigDecimal decimal(Object number) {
        if (number instanceof BigInteger n) {
            return new BigDecimal(n);
        }
        return number instanceof Double d ? new BigDecimal(d) : new BigDecimal(Arithmetic.toLong(number));
    }

    /** By code point, where Java compares by char. */
    private static int compareText(String a, String b) {
        Iterator<Integer> x = a.codePoints().iterator();
        Iterator<Integer> y = b.codePoints().iterator();
        while (x.hasNext() && y.hasNext()) {
            int order = Integer.compare(x.next(), y.next());
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(x.hasNext(), y.hasNext());
    }

    /** {@code item in container}. */
    static boolean contains(Object container, Object item) {
        if (container instanceof String s) {
            if (item instanceof String part) {
                return s.contains(part);
            } else if (item instanceof Undefined u) {
                throw u.error();
            }
            throw new TemplateException("'in <string>' requires string as left operand, not " + Types.name(item));
        } else if (container instanceof Map<?, ?> map) {
            return map.containsKey(Types.lookup(item));
        }
        for (Object member : Access.iterate(container)) {
            if (equal(member, item)) {
                return true;
            }
        }
        return false;
    }
}
