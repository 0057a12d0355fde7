package dev.attune.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code namespace(…)}: the one value whose attributes a template can set, and so carry out of a loop. */
final class Namespace implements Attributes {
    private final Map<Object, Object> values = new LinkedHashMap<>();

    Namespace(Map<Object, Object> initial) {
        initial.forEach((name, value) -> set(Printing.str(name), value));
    }

    void set(String name, Object value) {
        if (name.startsWith("_")) {
            throw new TemplateException(
                    "chat templates cannot store underscore-prefixed attributes on a namespace, but got '" + name
                            + "'");
        }
        values.put(name, value);
    }

    @Override
    public @Nullable Object attribute(String name) {
        return values.get(name);
    }

    @Override
    public String toString() {
        return "<Namespace " + Printing.repr(values) + ">";
    }
}
