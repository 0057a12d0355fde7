package dev.attune.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed expression. */
interface Expression {
    Object evaluate(Scope scope);

    /** Expressions in a row. */
    static List<Object> all(List<Expression> expressions, Scope scope) {
        var values = new ArrayList<Object>(expressions.size());
        expressions.forEach(expression -> values.add(expression.evaluate(scope)));
        return values;
    }

    /** A call; a call block passes its body to it besides, by the name "caller". */
    record Call(Expression callee, ArgumentList arguments) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return Access.call(callee.evaluate(scope), arguments.evaluate(scope));
        }

        Object evaluate(Scope scope, Macro caller) {
            return Access.call(callee.evaluate(scope), arguments.evaluate(scope).with("caller", caller));
        }
    }

    /** {@code (a, name=b, *c, **d)}. */
    record ArgumentList(
            List<Expression> positional,
            Map<String, Expression> named,
            @Nullable Expression rest,
            @Nullable Expression namedRest) {
        static final ArgumentList EMPTY = new ArgumentList(List.of(), Map.of(), null, null);

        Arguments evaluate(Scope scope) {
            List<Object> values = all(positional, scope);
            if (rest != null) {
                values.addAll(Access.list(rest.evaluate(scope)));
            }
            var byName = new LinkedHashMap<String, Object>();
            named.forEach((name, expression) -> byName.put(name, expression.evaluate(scope)));
            var arguments = new Arguments(values, byName);
            if (namedRest != null) {
                if (!(namedRest.evaluate(scope) instanceof Map<?, ?> map)) {
                    throw new TemplateException("what follows ** in a call is not a mapping");
                }
                for (var entry : map.entrySet()) {
                    arguments = arguments.with(Printing.str(entry.getKey()), entry.getValue());
                }
            }
            return arguments;
        }
    }

    /** {@code | name(arguments)}. */
    record FilterCall(String name, ArgumentList arguments) {
        Object apply(Object value, Scope scope) {
            return Filters.apply(name, value, arguments.evaluate(scope));
        }
    }
}
