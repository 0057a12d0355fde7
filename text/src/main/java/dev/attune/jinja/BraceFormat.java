package dev.attune.jinja;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code "{} {name}".format(…)}. */
final class BraceFormat {
    private static final Pattern FIELD =
            Pattern.compile("([^.\\[\\]{}!:]*)((?:\\.[^.\\[\\]{}!:]+|\\[[^\\]{}]+])*)(?:!([rs]))?(?::([^{}]*))?");
    private static final Pattern STEP = Pattern.compile("\\.([^.\\[]+)|\\[([^\\]]+)]");

    private BraceFormat() {}

    static String format(String template, Arguments arguments) {
        var result = new StringBuilder();
        int automatic = 0;
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c != '{' && c != '}') {
                result.append(c);
                continue;
            }
            if (i + 1 < template.length() && template.charAt(i + 1) == c) {
                result.append(c);
                i++;
                continue;
            }
            int end = template.indexOf('}', i);
            String field = c == '{' && end > 0 ? template.substring(i + 1, end) : "{";
            Matcher m = FIELD.matcher(field);
            if (!m.matches()) {
                throw TemplateException.unsupported("the format field at '" + template.substring(i) + "'");
            }
            String name = m.group(1).isEmpty() ? String.valueOf(automatic++) : m.group(1);
            if (!m.group(1).isEmpty() && name.matches("\\d+") && automatic > 0) {
                throw new TemplateException("format(): cannot switch between '{}' and '{0}'");
            }
            result.append(formatted(value(name, m.group(2), arguments), m));
            Limits.checkChars(result.length());
            i = end;
        }
        return result.toString();
    }

    private static Object value(String name, String path, Arguments arguments) {
        Object value;
        if (name.matches("\\d{1,4}")) {
            int index = Integer.parseInt(name);
            if (index >= arguments.positional().size()) {
                throw new TemplateException("format(): there is no argument " + index);
            }
            value = arguments.positional().get(index);
        } else {
            Object named = arguments.named().get(name);
            if (named == null) {
                throw new TemplateException("format(): there is no argument '" + name + "'");
            }
            value = named;
        }
        for (Matcher step = STEP.matcher(path); step.find(); ) {
            String key = step.group(2);
            value = key == null
                    ? Access.attribute(value, step.group(1))
                    : Access.item(value, key.matches("\\d{1,9}") ? (Object) Long.valueOf(key) : key);
        }
        return value;
    }

    private static String formatted(Object value, Matcher field) {
        Object converted = field.group(3) == null
                ? value
                : field.group(3).equals("r") ? Printing.repr(value) : Printing.str(value);
        String spec = field.group(4);
        return spec == null || spec.isEmpty()
                ? Printing.str(converted)
                : FormatSpec.parse(spec).format(converted);
    }
}
