package dev.attune.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Python's {@code str} and {@code repr}. */
final class Printing {
    private static final int SIGNIFICANT_DIGITS = 17;

    private Printing() {}

    /** What {@code {{ value }}} prints. */
    static String str(Object value) {
        if (value instanceof String s) {
            return s;
        } else if (value instanceof Markup markup) {
            return markup.text();
        } else if (value instanceof Undefined) {
            return "";
        }
        return repr(value);
    }

    /** As it stands in a printed list. */
    static String repr(Object value) {
        if (value == None.NONE) {
            return "None";
        } else if (value instanceof Boolean b) {
            return b ? "True" : "False";
        } else if (value instanceof Double d) {
            return repr(d.doubleValue());
        } else if (value instanceof String s) {
            return repr(s);
        } else if (value instanceof Tuple tuple) {
            return tuple.size() == 1 ? "(" + repr(tuple.get(0)) + ",)" : joined(tuple, "(", ")");
        } else if (value instanceof Range range) {
            String step = range.step == 1 ? "" : ", " + range.step;
            return "range(" + range.start + ", " + range.stop + step + ")";
        } else if (value instanceof List<?> list) {
            return joined(list, "[", "]");
        } else if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> repr((Object) entry.getKey()) + ": " + repr((Object) entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        } else if (value instanceof DictView view) {
            return view.type() + "(" + repr(view.items()) + ")";
        } else if (value instanceof Markup markup) {
            return "Markup(" + repr(markup.text()) + ")";
        } else if (value instanceof Undefined) {
            return "Undefined";
        } else if (value instanceof Generator) {
            throw new TemplateException(
                    "a generator (of map, select, items or the like) is printed; it takes '| list'");
        } else if (value instanceof Invocable && !(value instanceof Attributes)) {
            throw new TemplateException("a function is printed; it takes parentheses to be called");
        }
        return value.toString();
    }

    private static String joined(List<?> items, String open, String close) {
        return items.stream().map(item -> repr((Object) item)).collect(Collectors.joining(", ", open, close));
    }

    /** The fewest digits that stand for this number and no other; an exponent below 1e-4 and from 1e16 on. */
    static String repr(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        } else if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        } else if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        // Double.toString has digits too many before Java 19.
        var exact = new BigDecimal(value);
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= SIGNIFICANT_DIGITS; digits++) {
            shortest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (shortest.doubleValue() == value) {
                break;
            }
        }
        BigDecimal plain = shortest.stripTrailingZeros();
        int exponent = plain.precision() - plain.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            return (plain.scale() <= 0 ? plain.setScale(1) : plain).toPlainString();
        }
        String digits = plain.unscaledValue().abs().toString();
        return (value < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    static String repr(String s) {
        char quote = s.indexOf('\'') >= 0 && s.indexOf('"') < 0 ? '"' : '\'';
        var result = new StringBuilder().append(quote);
        s.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> result.append("\\\\");
                case '\n' -> result.append("\\n");
                case '\r' -> result.append("\\r");
                case '\t' -> result.append("\\t");
                default -> {
                    if (c == quote) {
                        result.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        result.appendCodePoint(c);
                    } else {
                        result.append(
                                c < 0x100
                                        ? "\\x%02x".formatted(c)
                                        : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
                    }
                }
            }
        });
        return result.append(quote).toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
