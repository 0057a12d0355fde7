package dev.attune.jinja;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;

/** The functions that transformers gives a template. */
final class Functions {
    private Functions() {}

    static Map<String, Object> at(LocalDateTime now) {
        return Map.of(
                "range", (Invocable) Functions::range,
                "dict", (Invocable) Functions::dict,
                "namespace", (Invocable) arguments -> new Namespace(dict(arguments)),
                "raise_exception",
                        (Invocable) arguments -> {
                            Object message =
                                    arguments.bind("raise_exception", "message").required(0);
                            throw new TemplateException(
                                    "the template refuses this conversation: " + Printing.str(message));
                        },
                "strftime_now",
                        (Invocable) arguments -> Strftime.format(
                                arguments.bind("strftime_now", "format").text(0, ""), now),
                "cycler", unsupported("cycler"),
                "joiner", unsupported("joiner"),
                "lipsum", unsupported("lipsum"));
    }

    private static Invocable unsupported(String name) {
        return arguments -> {
            throw TemplateException.unsupported("the function '" + name + "'");
        };
    }

    private static Range range(Arguments arguments) {
        var bound = arguments.bind("range", "start", "stop?", "step?");
        long first = index(bound.required(0));
        Object stop = bound.get(1);
        return stop == null ? new Range(0, first, 1) : new Range(first, index(stop), index(bound.or(2, 1L)));
    }

    private static long index(Object value) {
        Long index = Types.asIndex(value);
        if (index != null) {
            return index;
        }
        throw value instanceof Undefined u
                ? u.error()
                : new TemplateException("range() takes ints, not '" + Types.name(value) + "'");
    }

    private static Map<Object, Object> dict(Arguments arguments) {
        var result = new LinkedHashMap<Object, Object>();
        if (arguments.positional().size() > 1) {
            throw new TemplateException("dict() takes at most 1 positional argument");
        }
        for (Object source : arguments.positional()) {
            if (source instanceof Map<?, ?> map) {
                result.putAll(map);
            } else {
                for (Object pair : Access.iterate(source)) {
                    var keyAndValue = Target.unpack(pair, 2);
                    result.put(Types.key(keyAndValue.get(0)), keyAndValue.get(1));
                }
            }
        }
        result.putAll(arguments.named());
        return result;
    }
}
