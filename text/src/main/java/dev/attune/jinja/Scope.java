package dev.attune.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables that a piece of the template sees: its own before its surroundings'. */
final class Scope {
    private final @Nullable Scope outer;
    private final Rendering rendering;
    private final Map<String, Object> variables = new HashMap<>();

    private Scope(@Nullable Scope outer, Rendering rendering) {
        this.outer = outer;
        this.rendering = rendering;
    }

    static Scope of(Map<String, Object> variables, Rendering rendering) {
        var scope = new Scope(null, rendering);
        scope.variables.putAll(variables);
        return scope;
    }

    Scope inner() {
        return new Scope(this, rendering);
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Object value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return Undefined.name(name);
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }

    Rendering rendering() {
        return rendering;
    }

    /** What one rendering keeps count of. */
    static final class Rendering {
        private static final int MAX_CALL_DEPTH = 200;
        private static final int MAX_ITERATIONS = 1_000_000;

        private int line = 1;
        private int callDepth;
        private int iterations;

        int line() {
            return line;
        }

        void at(int line) {
            this.line = line;
        }

        void enterCall() {
            if (++callDepth > MAX_CALL_DEPTH) {
                throw new TemplateException("macros or loops call each other more than " + MAX_CALL_DEPTH + " deep");
            }
        }

        void leaveCall() {
            callDepth--;
        }

        void iterate() {
            if (++iterations > MAX_ITERATIONS) {
                throw new TemplateException("loops run more than " + MAX_ITERATIONS + " times");
            }
        }
    }
}
