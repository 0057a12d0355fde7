package dev.attune.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A macro where it is defined: its body sees the variables around the definition, not those around the call. */
final class Macro implements Invocable, Attributes {
    private final Definition definition;
    private final Scope scope;

    Macro(Definition definition, Scope scope) {
        this.definition = definition;
        this.scope = scope;
    }

    /**
     * @param specials which of {@code varargs}, {@code kwargs} and {@code caller} the body mentions: without, the macro
     *     takes no such arguments
     */
    record Definition(String name, List<Parameter> parameters, Set<String> specials, Statement.Block block) {}

    /** A parameter, with a default where it may be left out. */
    record Parameter(String name, @Nullable Expression otherwise) {}

    @Override
    public Object call(Arguments arguments) {
        Scope inner = definition.block().frame().enter(scope);
        var named = new LinkedHashMap<>(arguments.named());
        List<Parameter> parameters = definition.parameters();
        int given = Math.min(parameters.size(), arguments.positional().size());
        for (int i = 0; i < parameters.size(); i++) {
            Object byName = i < given
                    ? arguments.positional().get(i)
                    : named.remove(parameters.get(i).name());
            if (byName != null) {
                inner.set(parameters.get(i).name(), byName);
            }
        }
        specials(inner, arguments.from(parameters.size()).positional(), named);
        int line = scope.rendering().line();
        scope.rendering().enterCall();
        for (Parameter parameter : parameters.subList(given, parameters.size())) {
            if (!arguments.named().containsKey(parameter.name())) {
                inner.set(parameter.name(), missing(parameter, inner));
            }
        }
        var text = new StringBuilder();
        definition.block().body().execute(inner, text);
        scope.rendering().leaveCall();
        scope.rendering().at(line);
        return text.toString();
    }

    private static Object missing(Parameter parameter, Scope inner) {
        return parameter.otherwise() == null
                ? new Undefined("parameter '" + parameter.name() + "' was not provided")
                : parameter.otherwise().evaluate(inner);
    }

    private void specials(Scope inner, List<Object> rest, Map<String, Object> named) {
        if (definition.specials().contains("caller")) {
            Object caller = named.remove("caller");
            inner.set("caller", caller == null ? new Undefined("No caller defined") : caller);
        }
        if (definition.specials().contains("kwargs")) {
            inner.set("kwargs", new LinkedHashMap<Object, Object>(named));
        } else if (!named.isEmpty()) {
            throw new TemplateException("macro '" + definition.name() + "' takes no argument " + named.keySet());
        }
        if (definition.specials().contains("varargs")) {
            inner.set("varargs", new Tuple(rest));
        } else if (!rest.isEmpty()) {
            throw new TemplateException("macro '" + definition.name() + "' takes not more than "
                    + definition.parameters().size() + " arguments");
        }
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "name" -> definition.name();
            case "arguments" ->
                new Tuple(List.copyOf(
                        definition.parameters().stream().map(Parameter::name).toList()));
            case "catch_kwargs" -> definition.specials().contains("kwargs");
            case "catch_varargs" -> definition.specials().contains("varargs");
            case "caller" -> definition.specials().contains("caller");
            default -> null;
        };
    }

    @Override
    public String toString() {
        return "<Macro " + Printing.repr(definition.name()) + ">";
    }
}
