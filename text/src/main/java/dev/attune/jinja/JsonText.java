package dev.attune.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Python's {@code json.dumps}, which is what transformers puts behind {@code tojson}.
 *
 * @param indent what one level is indented by; null keeps all on one line
 */
record JsonText(
        boolean ensureAscii, @Nullable String indent, String itemSeparator, String keySeparator, boolean sortKeys) {
    String write(Object value) {
        var out = new StringBuilder();
        write(value, out, "\n");
        return out.toString();
    }

    private void write(Object value, StringBuilder out, String lineBreak) {
        Limits.checkChars(out.length());
        if (value == None.NONE) {
            out.append("null");
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Double d) {
            out.append(number(d));
        } else if (Types.isNumber(value)) {
            out.append(value);
        } else if (value instanceof String || value instanceof Markup) {
            writeText(Printing.str(value), out);
        } else if (value instanceof List<?> list && !(value instanceof Range)) {
            writeAll(new ArrayList<>(list), "[", "]", out, lineBreak);
        } else if (value instanceof Map<?, ?> map) {
            var entries = new ArrayList<Object>(map.entrySet());
            if (sortKeys) {
                entries.sort(Comparator.comparing(
                        entry -> ((Map.Entry<?, ?>) entry).getKey(), (a, b) -> Comparison.compare(a, b, "<")));
            }
            writeAll(entries, "{", "}", out, lineBreak);
        } else {
            throw new TemplateException("object of type " + Types.name(value) + " is not JSON serializable");
        }
    }

    private void writeAll(List<Object> items, String open, String close, StringBuilder out, String lineBreak) {
        String inner = indent == null ? "" : lineBreak + indent;
        out.append(open);
        for (Iterator<Object> i = items.iterator(); i.hasNext(); ) {
            out.append(inner);
            Object item = i.next();
            if (item instanceof Map.Entry<?, ?> entry) {
                writeText(keyText(entry.getKey()), out);
                out.append(keySeparator);
                item = entry.getValue();
            }
            write(item, out, inner);
            out.append(i.hasNext() ? itemSeparator : "");
        }
        out.append(indent == null || items.isEmpty() ? "" : lineBreak).append(close);
    }

    private static String keyText(Object key) {
        return key == None.NONE ? "null" : Printing.str(key);
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        return Double.isInfinite(value) ? (value > 0 ? "Infinity" : "-Infinity") : Printing.repr(value);
    }

    private void writeText(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || (ensureAscii && c > 0x7e)) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
