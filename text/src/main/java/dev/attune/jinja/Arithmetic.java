package dev.attune.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's operators on numbers, strings and lists. Ints of more than 64 bits are an error. */
final class Arithmetic {
    private Arithmetic() {}

    static Object apply(String operator, Object a, Object b) {
        if (a instanceof Undefined u) {
            throw u.error();
        } else if (b instanceof Undefined u && !(operator.equals("%") && a instanceof String)) {
            throw u.error();
        }
        try {
            if (Types.isNumber(a) && Types.isNumber(b)) {
                boolean ints = !(a instanceof Double || b instanceof Double);
                return ints && !operator.equals("/")
                        ? ofInts(operator, toLong(a), toLong(b))
                        : ofDoubles(operator, toDouble(a), toDouble(b));
            }
        } catch (ArithmeticException e) {
            throw new TemplateException("an int of more than 64 bits, from '" + operator + "'");
        }
        if (operator.equals("+")) {
            if (a instanceof String x && b instanceof String y) {
                Limits.checkChars((long) x.length() + y.length());
                return x + y;
            } else if (a instanceof Tuple x && b instanceof Tuple y) {
                return new Tuple(concat(x, y));
            } else if (Types.isList(a) && Types.isList(b)) {
                return concat((List<?>) a, (List<?>) b);
            }
        } else if (operator.equals("*")) {
            Long count = Types.asIndex(b);
            if (count != null) {
                return repeat(a, count);
            }
            count = Types.asIndex(a);
            if (count != null) {
                return repeat(b, count);
            }
        } else if (operator.equals("%") && a instanceof String format) {
            return PercentFormat.format(format, b);
        }
        throw mismatch(operator, a, b);
    }

    private static TemplateException mismatch(String operator, Object a, Object b) {
        return new TemplateException(
                "unsupported operand types for " + operator + ": '" + Types.name(a) + "' and '" + Types.name(b) + "'");
    }

    private static List<Object> concat(List<?> a, List<?> b) {
        Limits.checkItems((long) a.size() + b.size());
        var all = new ArrayList<Object>(a);
        all.addAll(b);
        return all;
    }

    private static Object repeat(Object value, long count) {
        if (value instanceof String s) {
            return Text.repeat(s, count);
        } else if (value instanceof List<?> list && !(value instanceof Range)) {
            long times = list.isEmpty() ? 0 : Math.max(0, Math.min(Integer.MAX_VALUE, count));
            Limits.checkItems(list.size() * times);
            var all = new ArrayList<Object>();
            for (long i = 0; i < times; i++) {
                all.addAll(list);
            }
            return value instanceof Tuple ? new Tuple(all) : all;
        }
        throw mismatch("*", value, count);
    }

    private static Object ofInts(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "//" -> Math.floorDiv(a, nonZero(b));
            case "%" -> Math.floorMod(a, nonZero(b));
            default -> b < 0 ? ofDoubles(operator, (double) a, (double) b) : (Object) power(a, b);
        };
    }

    private static long power(long a, long b) {
        long result = 1;
        for (long i = 0; i < b && result != 0; i++) {
            result = Math.multiplyExact(result, a);
            if (a == 1 || a == -1) {
                return b % 2 == 0 ? 1 : a;
            }
        }
        return result;
    }

    private static Object ofDoubles(String operator, double a, double b) {
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / nonZero(b);
            case "//" -> Math.floor((a - floorMod(a, b)) / b + 0.5);
            case "%" -> floorMod(a, b);
            default -> realPower(a, b);
        };
    }

    private static double realPower(double a, double b) {
        double power = Math.pow(a, b);
        if (a < 0 && Double.isNaN(power)) {
            throw TemplateException.unsupported("a complex number, from '**'");
        } else if (a == 0 && b < 0) {
            throw new TemplateException("0.0 cannot be raised to a negative power");
        }
        return power;
    }

    /** The remainder with the divisor's sign. */
    private static double floorMod(double a, double b) {
        double remainder = a % nonZero(b);
        return remainder != 0 && remainder < 0 != b < 0 ? remainder + b : remainder;
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw new TemplateException("division by zero");
        }
        return divisor;
    }

    private static double nonZero(double divisor) {
        if (divisor == 0) {
            throw new TemplateException("division by zero");
        }
        return divisor;
    }

    static Object negate(Object value) {
        return apply("*", number(value), -1L);
    }

    static Object plus(Object value) {
        return apply("*", number(value), 1L);
    }

    static Object number(Object value) {
        if (value instanceof Undefined u) {
            throw u.error();
        } else if (!Types.isNumber(value)) {
            throw new TemplateException("a number is wanted, not '" + Types.name(value) + "'");
        }
        return value;
    }

    static long toLong(Object number) {
        if (number instanceof Boolean b) {
            return b ? 1 : 0;
        } else if (number instanceof Long n) {
            return n;
        }
        throw new ArithmeticException();
    }

    static double toDouble(Object number) {
        return number instanceof Boolean b ? (b ? 1 : 0) : ((Number) number).doubleValue();
    }
}
