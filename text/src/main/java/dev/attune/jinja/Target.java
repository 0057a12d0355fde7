package dev.attune.jinja;

import java.util.List;

/** What is assigned to: the left side of {@code set}, {@code with} and {@code for}. */
interface Target {
    void assign(Object value, Scope scope);

    /** The variables that are assigned. */
    default List<String> names() {
        return List.of();
    }

    /** The variables whose attributes are assigned. */
    default List<String> namespaces() {
        return List.of();
    }

    /** A plain name. */
    record Name(String name) implements Target {
        @Override
        public void assign(Object value, Scope scope) {
            scope.set(name, value);
        }

        @Override
        public List<String> names() {
            return List.of(name);
        }
    }

    /** {@code a, b}. */
    record Names(List<Target> targets) implements Target {
        @Override
        public void assign(Object value, Scope scope) {
            List<Object> values = unpack(value, targets.size());
            for (int i = 0; i < values.size(); i++) {
                targets.get(i).assign(values.get(i), scope);
            }
        }

        @Override
        public List<String> names() {
            return targets.stream().flatMap(target -> target.names().stream()).toList();
        }

        @Override
        public List<String> namespaces() {
            return targets.stream()
                    .flatMap(target -> target.namespaces().stream())
                    .toList();
        }
    }

    /** {@code ns.name}. */
    record NamespaceAttribute(String namespace, String name) implements Target {
        @Override
        public List<String> namespaces() {
            return List.of(namespace);
        }

        @Override
        public void assign(Object value, Scope scope) {
            if (!(scope.get(namespace) instanceof Namespace owner)) {
                throw new TemplateException(
                        "cannot assign attribute '" + name + "': '" + namespace + "' is no namespace(…)");
            }
            owner.set(name, value);
        }
    }

    /** The {@code count} items of a value. */
    static List<Object> unpack(Object value, int count) {
        List<Object> items = Access.list(value);
        if (items.size() != count) {
            throw new TemplateException("expected " + count + " values to unpack, got " + items.size());
        }
        return items;
    }
}
