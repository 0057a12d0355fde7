package dev.attune.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How one value is written: Python's format specification without the exponent forms.
 *
 * @param fill one character
 * @param align {@code <}, {@code >}, {@code ^}, {@code =} (zeros behind the sign), or a blank for the type's own
 * @param sign {@code +}, a blank, or {@code -} for negative numbers only
 * @param comma whether commas stand between thousands
 * @param precision -1 for none
 * @param type a blank for none
 */
record FormatSpec(String fill, char align, char sign, int width, boolean comma, int precision, char type) {
    private static final Pattern SPEC = Pattern.compile(
            "(?:(.)?([<>^=]))?([-+ ]?)(0?)(\\d{0,4})(,?)(?:\\.(\\d{1,4}))?([a-zA-Z%]?)", Pattern.DOTALL);
    private static final int DEFAULT_PRECISION = 6;

    static FormatSpec parse(String spec) {
        Matcher m = SPEC.matcher(spec);
        if (!m.matches()) {
            throw TemplateException.unsupported("the format specification '" + spec + "'");
        }
        boolean zeros = m.group(2) == null && !m.group(4).isEmpty();
        return new FormatSpec(
                m.group(1) != null ? m.group(1) : m.group(4).isEmpty() ? " " : "0",
                zeros ? '=' : m.group(2) == null ? ' ' : m.group(2).charAt(0),
                m.group(3).isEmpty() ? '-' : m.group(3).charAt(0),
                m.group(5).isEmpty() ? 0 : Integer.parseInt(m.group(5)),
                !m.group(6).isEmpty(),
                m.group(7) == null ? -1 : Integer.parseInt(m.group(7)),
                m.group(8).isEmpty() ? ' ' : m.group(8).charAt(0));
    }

    String format(Object value) {
        if (value instanceof String s) {
            if (!(type == ' ' || type == 's') || comma || align == '=') {
                throw mismatch(value);
            }
            String cut = precision < 0 || precision >= Text.length(s)
                    ? s
                    : s.substring(0, s.offsetByCodePoints(0, precision));
            return Text.pad(cut, width, fill, align == ' ' ? '<' : align);
        } else if (!Types.isNumber(value)) {
            throw mismatch(value);
        }
        BigDecimal number = value instanceof Double d ? finite(d) : new BigDecimal(integer(value));
        String digits = group(digits(value, number.abs()));
        boolean negative = number.signum() < 0 || (value instanceof Double d && 1 / d < 0);
        String prefix = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
        if (align == '=') {
            return prefix + Text.pad(digits, width - prefix.length(), fill, '>');
        }
        return Text.pad(prefix + digits, width, fill, align == ' ' ? '>' : align);
    }

    private TemplateException mismatch(Object value) {
        return new TemplateException(
                "the format '" + type + "' does not fit a value of type '" + Types.name(value) + "'");
    }

    private String digits(Object value, BigDecimal number) {
        switch (type) {
            case 'f', 'F' -> {
                return fixed(number);
            }
            case '%' -> {
                return fixed(number.movePointRight(2)) + "%";
            }
            case ' ' -> {
                if (value instanceof Double && precision < 0) {
                    return Printing.repr(number.doubleValue());
                }
            }
            default -> {}
        }
        if (value instanceof Double || precision >= 0) {
            throw TemplateException.unsupported("the format type '" + type + "' with a number");
        }
        BigInteger n = number.toBigInteger();
        return switch (type) {
            case ' ', 'd' -> n.toString();
            case 'x' -> n.toString(16);
            case 'X' -> n.toString(16).toUpperCase(Locale.ROOT);
            case 'o' -> n.toString(8);
            case 'b' -> n.toString(2);
            default -> throw TemplateException.unsupported("the format type '" + type + "' with a number");
        };
    }

    private String fixed(BigDecimal number) {
        return number.setScale(precision < 0 ? DEFAULT_PRECISION : precision, RoundingMode.HALF_EVEN)
                .toPlainString();
    }

    private String group(String digits) {
        if (!comma) {
            return digits;
        }
        int end = 0;
        while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
            end++;
        }
        return digits.substring(0, end).replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",") + digits.substring(end);
    }

    private static BigDecimal finite(double value) {
        if (!Double.isFinite(value)) {
            throw TemplateException.unsupported("formatting " + Printing.repr(value));
        }
        return new BigDecimal(value);
    }

    static BigInteger integer(Object number) {
        if (number instanceof BigInteger n) {
            return n;
        }
        return number instanceof Double d ? finite(d).toBigInteger() : BigInteger.valueOf(Arithmetic.toLong(number));
    }
}
