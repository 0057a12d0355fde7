package dev.attune.jinja;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code "%s %d" % values}. */
final class PercentFormat {
    private static final Pattern FIELD =
            Pattern.compile("%(?:\\(([^)]*)\\))?([-+ 0#]*)(\\d{0,4})(?:\\.(\\d{1,4}))?(.?)", Pattern.DOTALL);

    private PercentFormat() {}

    static String format(String template, Object values) {
        List<?> positional = values instanceof Tuple tuple ? tuple : List.of(values);
        int next = 0;
        boolean named = false;
        var result = new StringBuilder();
        Matcher m = FIELD.matcher(template);
        while (m.find()) {
            m.appendReplacement(result, "");
            if (m.group(5).equals("%")) {
                result.append('%');
                continue;
            }
            Object value;
            if (m.group(1) != null) {
                named = true;
                if (!(values instanceof Map<?, ?> map) || !map.containsKey(m.group(1))) {
                    throw new TemplateException("format requires a mapping with '" + m.group(1) + "'");
                }
                value = map.get(m.group(1));
            } else if (next < positional.size()) {
                value = positional.get(next++);
            } else {
                throw new TemplateException("not enough arguments for format string");
            }
            result.append(field(m, value));
            Limits.checkChars(result.length());
        }
        if (next < positional.size() && !named && !isMapping(values)) {
            throw new TemplateException("not all arguments converted during string formatting");
        }
        return m.appendTail(result).toString();
    }

    /** For Python that is whatever can be indexed; such values may go unused. */
    private static boolean isMapping(Object values) {
        return values instanceof Map
                || values instanceof Undefined
                || (values instanceof List && !(values instanceof Tuple));
    }

    private static String field(Matcher m, Object value) {
        String flags = m.group(2);
        boolean number = "diuxXof".contains(m.group(5));
        if (flags.contains("#") || m.group(5).isEmpty() || !"srdiuxXof".contains(m.group(5))) {
            throw TemplateException.unsupported("the format '" + m.group() + "'");
        }
        boolean zeros = number && flags.contains("0") && !flags.contains("-");
        var spec = new FormatSpec(
                zeros ? "0" : " ",
                flags.contains("-") ? '<' : zeros ? '=' : '>',
                flags.contains("+") ? '+' : flags.contains(" ") ? ' ' : '-',
                m.group(3).isEmpty() ? 0 : Integer.parseInt(m.group(3)),
                false,
                m.group(4) == null ? -1 : Integer.parseInt(m.group(4)),
                "iu".contains(m.group(5)) ? 'd' : number ? m.group(5).charAt(0) : 's');
        if (!number) {
            return spec.format(m.group(5).equals("r") ? Printing.repr(value) : Printing.str(value));
        }
        Object numeric = Arithmetic.number(value);
        return spec.format(spec.type() == 'd' ? Types.integer(FormatSpec.integer(numeric)) : numeric);
    }
}
