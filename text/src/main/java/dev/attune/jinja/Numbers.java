package dev.attune.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Pattern;

/** The filters {@code abs}, {@code round}, {@code int} and {@code float}. */
final class Numbers {
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?|(?i:inf|infinity|nan))");

    private Numbers() {}

    static Object abs(Object value) {
        Object number = Arithmetic.number(value);
        boolean negative = Comparison.compares(number, "<", 0L) || number.equals(-0.0);
        return negative ? Arithmetic.negate(number) : Arithmetic.plus(number);
    }

    /** {@code ceil}, {@code floor}, or {@code common}: to the nearest, halves to the even digit. */
    static Object round(Object value, int precision, String method) {
        Object number = Arithmetic.number(value);
        double x = Arithmetic.toDouble(number);
        if (method.equals("common")) {
            if (!(number instanceof Double)) {
                return Types.integer(new BigDecimal(FormatSpec.integer(number))
                        .setScale(Math.min(0, precision), RoundingMode.HALF_EVEN)
                        .toBigInteger());
            }
            return Double.isFinite(x)
                    ? (Object) new BigDecimal(x)
                            .setScale(precision, RoundingMode.HALF_EVEN)
                            .doubleValue()
                    : number;
        }
        double scale = Math.pow(10, precision);
        return switch (method) {
            case "ceil" -> Math.ceil(x * scale) / scale;
            case "floor" -> Math.floor(x * scale) / scale;
            default -> throw new TemplateException("round() has the methods common, ceil and floor");
        };
    }

    static Object toInt(Object value, Object otherwise, int base) {
        if (value instanceof String s) {
            String digits = Text.strip(s, null, true, true);
            try {
                return Types.integer(parse(digits, base));
            } catch (NumberFormatException e) {
                return FLOAT.matcher(digits).matches() ? truncate(parseFloat(digits), otherwise) : otherwise;
            }
        } else if (value instanceof Undefined u) {
            throw u.error();
        } else if (value instanceof Double d) {
            return truncate(d, otherwise);
        }
        return Types.isNumber(value) ? Types.integer(FormatSpec.integer(value)) : otherwise;
    }

    private static BigInteger parse(String text, int base) {
        String digits = text.matches("[-+]?[0-9a-zA-Z]+(_[0-9a-zA-Z]+)*") ? text.replace("_", "") : "";
        String prefix = switch (base) {
            case 2 -> "0b";
            case 8 -> "0o";
            case 16 -> "0x";
            default -> "";
        };
        int sign = digits.startsWith("-") || digits.startsWith("+") ? 1 : 0;
        if (!prefix.isEmpty() && digits.toLowerCase(Locale.ROOT).startsWith(prefix, sign)) {
            digits = digits.substring(0, sign) + digits.substring(sign + 2);
        }
        return new BigInteger(digits, base);
    }

    private static Object truncate(double value, Object otherwise) {
        if (Double.isInfinite(value)) {
            throw new TemplateException("cannot convert float infinity to an int");
        }
        return Double.isNaN(value) ? otherwise : Types.integer(new BigDecimal(value).toBigInteger());
    }

    static Object toFloat(Object value, Object otherwise) {
        if (value instanceof String s) {
            String digits = Text.strip(s, null, true, true);
            return FLOAT.matcher(digits).matches() ? (Object) parseFloat(digits) : otherwise;
        } else if (value instanceof Undefined u) {
            throw u.error();
        }
        return Types.isNumber(value) ? (Object) Arithmetic.toDouble(value) : otherwise;
    }

    private static double parseFloat(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.endsWith("nan")) {
            return Double.NaN;
        } else if (lower.contains("inf")) {
            return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return Double.parseDouble(text);
    }
}
