package dev.attune.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code a.b}, {@code a[b]}, {@code a[b:c]}, {@code for} and {@code length} reach. */
final class Access {
    private static final Set<String> LIST_CHANGES =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
    private static final Set<String> DICT_CHANGES = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private Access() {}

    /** {@code owner.name}: an attribute or method, else an item of a dict. */
    static Object attribute(Object owner, String name) {
        Object attribute = ownAttribute(owner, name);
        if (attribute != null) {
            return attribute;
        }
        Object item = owner instanceof Map<?, ?> map ? map.get(name) : null;
        return item == null ? Undefined.attribute(owner, name) : item;
    }

    /** {@code owner[key]}: an item, else an attribute or method. */
    static Object item(Object owner, Object key) {
        if (owner instanceof Undefined u) {
            throw u.error();
        }
        Object item = null;
        if (owner instanceof Map<?, ?> map) {
            item = isHashable(key) ? map.get(Types.lookup(key)) : null;
        } else if (owner instanceof String || owner instanceof List) {
            Long index = Types.asIndex(key);
            List<?> list = index == null ? List.of() : owner instanceof String s ? Text.characters(s) : (List<?>) owner;
            if (index != null) {
                long at = index < 0 ? index + list.size() : index;
                item = at < 0 || at >= list.size() ? null : list.get((int) at);
            }
        } else if (owner instanceof Markup) {
            throw TemplateException.unsupported("an index into a string that 'safe' or 'escape' has marked");
        }
        if (item == null && key instanceof String name) {
            item = ownAttribute(owner, name);
        }
        return item == null ? Undefined.attribute(owner, key) : item;
    }

    private static boolean isHashable(Object key) {
        return !(Types.isList(key) || key instanceof Map);
    }

    static @Nullable Object ownAttribute(Object owner, String name) {
        if (owner instanceof Undefined u) {
            throw u.error();
        } else if (name.startsWith("__")) {
            return Undefined.unsafe(owner, name);
        } else if (owner instanceof String s) {
            return StringMethods.find(s, name);
        } else if (owner instanceof List<?> list) {
            return ofList(list, name);
        } else if (owner instanceof Map<?, ?> map) {
            return ofDict(map, name);
        } else if (owner instanceof Attributes attributes) {
            return attributes.attribute(name);
        } else if (owner == None.NONE) {
            return null;
        }
        // Numbers, views and what 'safe' has marked have attributes in Python that no template uses.
        if (Set.of("real", "imag", "numerator", "denominator", "mapping").contains(name) || owner instanceof Markup) {
            throw TemplateException.unsupported("the attribute '" + name + "' of '" + Types.name(owner) + "'");
        }
        return null;
    }

    private static @Nullable Object ofList(List<?> list, String name) {
        if (Types.isList(list)) {
            if (LIST_CHANGES.contains(name)) {
                return Undefined.unsafe(list, name);
            } else if (name.equals("copy")) {
                return (Invocable) arguments -> {
                    arguments.bind("copy");
                    return new ArrayList<Object>(list);
                };
            }
        } else if (list instanceof Range && Set.of("start", "stop", "step").contains(name)) {
            throw TemplateException.unsupported("the attribute '" + name + "' of 'range'");
        }
        return switch (name) {
            case "count" ->
                (Invocable) arguments -> {
                    Object item = arguments.bind("count", "value").required(0);
                    return list.stream()
                            .filter(member -> Comparison.equal(member, item))
                            .count();
                };
            case "index" ->
                (Invocable) arguments -> {
                    Object item = arguments.bind("index", "value").required(0);
                    for (int i = 0; i < list.size(); i++) {
                        if (Comparison.equal(list.get(i), item)) {
                            return (long) i;
                        }
                    }
                    throw new TemplateException(Printing.repr(item) + " is not in the list");
                };
            default -> null;
        };
    }

    private static @Nullable Object ofDict(Map<?, ?> map, String name) {
        if (DICT_CHANGES.contains(name)) {
            return Undefined.unsafe(map, name);
        }
        return switch (name) {
            case "keys", "values", "items" ->
                (Invocable) arguments -> {
                    arguments.bind(name);
                    List<Object> items = name.equals("keys")
                            ? new ArrayList<>(map.keySet())
                            : name.equals("values") ? new ArrayList<>(map.values()) : pairs(map);
                    return new DictView("dict_" + name, items);
                };
            case "get" ->
                (Invocable) arguments -> {
                    var bound = arguments.bind("get", "key", "default?");
                    Object value = map.get(Types.lookup(bound.required(0)));
                    return value == null ? bound.or(1, None.NONE) : value;
                };
            case "copy" ->
                (Invocable) arguments -> {
                    arguments.bind("copy");
                    return map;
                };
            case "fromkeys" -> throw TemplateException.unsupported("dict.fromkeys");
            default -> null;
        };
    }

    static List<Object> pairs(Map<?, ?> map) {
        var pairs = new ArrayList<Object>();
        map.forEach((key, value) -> pairs.add(Tuple.of(key, value)));
        return pairs;
    }

    /** {@code owner[start:stop:step]}; None stands for what is left out. */
    static Object slice(Object owner, Object start, Object stop, Object step) {
        if (owner instanceof Undefined u) {
            throw u.error();
        } else if (owner instanceof Markup) {
            throw TemplateException.unsupported("a slice of a string that 'safe' or 'escape' has marked");
        } else if (!(owner instanceof String || owner instanceof List)) {
            throw new TemplateException("'" + Types.name(owner) + "' object cannot be sliced");
        }
        List<?> list = owner instanceof String s ? Text.characters(s) : (List<?>) owner;
        long by = bound(step, 1);
        if (by == 0) {
            throw new TemplateException("slice step cannot be zero");
        }
        int size = list.size();
        long from = clamp(bound(start, by > 0 ? 0 : size - 1L), start, size, by);
        long to = stop == None.NONE ? (by > 0 ? size : -1) : clamp(bound(stop, 0), stop, size, by);
        if (owner instanceof Range range) {
            return new Range(range.start + from * range.step, range.start + to * range.step, range.step * by);
        }
        var items = new ArrayList<Object>();
        for (long i = from; by > 0 ? i < to : i > to; i += by) {
            items.add(list.get((int) i));
        }
        if (owner instanceof String) {
            return String.join("", items.stream().map(Printing::str).toList());
        }
        return owner instanceof Tuple ? new Tuple(items) : items;
    }

    private static long bound(Object value, long otherwise) {
        if (value == None.NONE) {
            return otherwise;
        }
        Long index = Types.asIndex(value);
        if (index == null) {
            throw value instanceof Undefined u
                    ? u.error()
                    : new TemplateException("slice indices must be ints, not '" + Types.name(value) + "'");
        }
        return index;
    }

    private static long clamp(long bound, Object given, int size, long step) {
        long at = given != None.NONE && bound < 0 ? bound + size : bound;
        return step > 0 ? Math.max(0, Math.min(size, at)) : Math.max(-1, Math.min(size - 1L, at));
    }

    static Iterable<Object> iterate(Object value) {
        if (value instanceof String s) {
            return Text.characters(s);
        } else if (value instanceof List<?> list) {
            return new ArrayList<>(list);
        } else if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        } else if (value instanceof DictView view) {
            return view.items();
        } else if (value instanceof Generator generator) {
            return generator;
        } else if (value instanceof Undefined) {
            return List.of();
        } else if (value instanceof Markup) {
            throw TemplateException.unsupported("iterating a string that 'safe' or 'escape' has marked");
        }
        throw new TemplateException("'" + Types.name(value) + "' object is not iterable");
    }

    static List<Object> list(Object value) {
        var items = new ArrayList<Object>();
        iterate(value).forEach(items::add);
        return items;
    }

    static long length(Object value) {
        if (value instanceof String s) {
            return Text.length(s);
        } else if (value instanceof Markup markup) {
            return Text.length(markup.text());
        } else if (value instanceof List<?> list) {
            return list.size();
        } else if (value instanceof Map<?, ?> map) {
            return map.size();
        } else if (value instanceof DictView view) {
            return view.items().size();
        } else if (value instanceof Undefined) {
            return 0;
        } else if (value instanceof Loop loop) {
            return loop.length();
        }
        throw new TemplateException("object of type '" + Types.name(value) + "' has no len()");
    }

    static Object call(Object callee, Arguments arguments) {
        if (callee instanceof Invocable invocable) {
            return invocable.call(arguments);
        } else if (callee instanceof Undefined u) {
            throw u.error();
        }
        throw new TemplateException("'" + Types.name(callee) + "' object is not callable");
    }
}
