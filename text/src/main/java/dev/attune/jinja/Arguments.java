package dev.attune.jinja;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a call passes, by position and by name. */
record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments EMPTY = new Arguments(List.of(), Map.of());

    static Arguments of(Object... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    Arguments with(String name, Object value) {
        var all = new LinkedHashMap<>(named);
        if (all.put(name, value) != null) {
            throw new TemplateException("got multiple values for keyword argument '" + name + "'");
        }
        return new Arguments(positional, all);
    }

    /** The arguments without the first {@code count} positional ones. */
    Arguments from(int count) {
        return new Arguments(positional.subList(Math.min(count, positional.size()), positional.size()), named);
    }

    /**
     * The arguments in the order of the parameters.
     *
     * @param function the name for error messages
     * @param parameters names; those that end in "?" may be left out
     */
    Bound bind(String function, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new TemplateException(
                    function + "() takes at most " + parameters.length + " arguments, not " + positional.size());
        }
        @Nullable Object[] values = new @Nullable Object[parameters.length];
        int used = 0;
        for (int i = 0; i < parameters.length; i++) {
            boolean optional = parameters[i].endsWith("?");
            String name = optional ? parameters[i].substring(0, parameters[i].length() - 1) : parameters[i];
            Object byName = named.get(name);
            used += byName == null ? 0 : 1;
            if (i < positional.size()) {
                if (byName != null) {
                    throw new TemplateException(function + "() got multiple values for argument '" + name + "'");
                }
                values[i] = positional.get(i);
            } else if (byName != null) {
                values[i] = byName;
            } else if (!optional) {
                throw new TemplateException(function + "() misses its argument '" + name + "'");
            }
        }
        if (used < named.size()) {
            throw new TemplateException(
                    function + "() takes no argument " + named.keySet() + " beside " + String.join(", ", parameters));
        }
        return new Bound(function, Arrays.asList(values));
    }

    /** Arguments in the order of the parameters; one that was left out is null. */
    record Bound(String function, List<@Nullable Object> values) {
        @Nullable Object get(int i) {
            return values.get(i);
        }

        Object or(int i, Object otherwise) {
            Object value = values.get(i);
            return value == null ? otherwise : value;
        }

        /** The argument that is always there. */
        Object required(int i) {
            Object value = values.get(i);
            if (value == null) {
                throw new IllegalStateException(function);
            }
            return value;
        }

        boolean truth(int i, boolean otherwise) {
            return Comparison.truth(or(i, otherwise));
        }

        String text(int i, String otherwise) {
            Object value = or(i, otherwise);
            if (value instanceof String s) {
                return s;
            }
            throw new TemplateException(function + "() takes a string, not " + Types.name(value));
        }

        int integer(int i, int otherwise) {
            Long value = Types.asIndex(or(i, (long) otherwise));
            if (value == null) {
                throw new TemplateException(function + "() takes an int, not " + Types.name(or(i, None.NONE)));
            }
            return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
        }
    }
}
