package dev.attune.jinja;

import dev.attune.jinja.Expression.ArgumentList;
import dev.attune.jinja.Expression.Call;
import dev.attune.jinja.Expression.FilterCall;
import dev.attune.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses names and literals with what follows them: attributes, indexes, calls, filters and tests. */
final class OperandParser {
    private static final Set<Kind> TEST_ARGUMENT = Set.of(Kind.NAME, Kind.STRING, Kind.INTEGER, Kind.FLOAT);

    private final Tokens tokens;
    private final ExpressionParser expressions;
    private final Set<String> names = new HashSet<>();
    private Frame frame;

    /** @param frame where names are mentioned until {@link #in} says otherwise */
    OperandParser(Tokens tokens, Frame frame) {
        this.tokens = tokens;
        this.frame = frame;
        expressions = new ExpressionParser(tokens, this);
    }

    /** The parser of expressions that this one is part of. */
    ExpressionParser expressions() {
        return expressions;
    }

    /** Where the names that follow are mentioned. */
    void in(Frame frame) {
        this.frame = frame;
    }

    /** All names that expressions have mentioned so far; the caller may clear it. */
    Set<String> names() {
        return names;
    }

    Expression primary() {
        Token token = tokens.advance();
        switch (token.kind()) {
            case NAME -> {
                return name(token.text());
            }
            case STRING -> {
                var text = new StringBuilder(token.value().toString());
                while (tokens.at(Kind.STRING)) {
                    text.append(tokens.advance().value());
                }
                String value = text.toString();
                return scope -> value;
            }
            case INTEGER, FLOAT -> {
                return scope -> token.value();
            }
            case OPERATOR -> {
                if (token.text().equals("(")) {
                    Expression value = expressions.tuple(true, true);
                    tokens.expectOperator(")");
                    return value;
                } else if (token.text().equals("[")) {
                    return list();
                } else if (token.text().equals("{")) {
                    return dict();
                }
            }
            default -> {}
        }
        throw new TemplateException("unexpected " + token.description(), token.line());
    }

    private Expression name(String name) {
        names.add(name);
        return switch (name) {
            case "true", "True" -> scope -> true;
            case "false", "False" -> scope -> false;
            case "none", "None" -> scope -> None.NONE;
            default -> {
                frame.load(name);
                yield scope -> scope.get(name);
            }
        };
    }

    private Expression list() {
        var items = new ArrayList<Expression>();
        while (!tokens.atOperator("]")) {
            items.add(expressions.expression());
            if (!tokens.atOperator("]")) {
                tokens.expectOperator(",");
            }
        }
        tokens.expectOperator("]");
        return scope -> Expression.all(items, scope);
    }

    private Expression dict() {
        var keys = new ArrayList<Expression>();
        var values = new ArrayList<Expression>();
        while (!tokens.atOperator("}")) {
            keys.add(expressions.expression());
            tokens.expectOperator(":");
            values.add(expressions.expression());
            if (!tokens.atOperator("}")) {
                tokens.expectOperator(",");
            }
        }
        tokens.expectOperator("}");
        return scope -> {
            var dict = new LinkedHashMap<Object, Object>();
            for (int i = 0; i < keys.size(); i++) {
                dict.put(Types.key(keys.get(i).evaluate(scope)), values.get(i).evaluate(scope));
            }
            return dict;
        };
    }

    Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            if (tokens.skipOperator(".")) {
                value = attribute(value);
            } else if (tokens.skipOperator("[")) {
                value = subscript(value);
            } else if (tokens.atOperator("(")) {
                value = new Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression attribute(Expression owner) {
        if (tokens.at(Kind.INTEGER)) {
            Object index = tokens.advance().value();
            return scope -> Access.item(owner.evaluate(scope), index);
        }
        String name = tokens.expectName();
        return scope -> Access.attribute(owner.evaluate(scope), name);
    }

    /** {@code [a]}, or a slice {@code [a:b:c]} each part of which may be left out. */
    private Expression subscript(Expression owner) {
        Expression start = tokens.atOperator(":") ? null : expressions.expression();
        if (start != null && tokens.skipOperator("]")) {
            return scope -> Access.item(owner.evaluate(scope), start.evaluate(scope));
        }
        if (tokens.atOperator(",")) {
            throw TemplateException.unsupported("an index of several values")
                    .at(tokens.current().line());
        }
        tokens.expectOperator(":");
        Expression stop = tokens.atOperator(":") || tokens.atOperator("]") ? null : expressions.expression();
        Expression step = tokens.skipOperator(":") && !tokens.atOperator("]") ? expressions.expression() : null;
        tokens.expectOperator("]");
        return scope -> Access.slice(
                owner.evaluate(scope), valueOrNone(start, scope), valueOrNone(stop, scope), valueOrNone(step, scope));
    }

    private static Object valueOrNone(@Nullable Expression expression, Scope scope) {
        return expression == null ? None.NONE : expression.evaluate(scope);
    }

    private ArgumentList arguments() {
        tokens.expectOperator("(");
        var positional = new ArrayList<Expression>();
        var named = new LinkedHashMap<String, Expression>();
        Expression rest = null;
        Expression namedRest = null;
        while (!tokens.atOperator(")")) {
            if (namedRest != null) {
                throw tokens.expected("')'");
            } else if (tokens.skipOperator("**")) {
                namedRest = expressions.expression();
            } else if (rest == null && tokens.skipOperator("*")) {
                rest = expressions.expression();
            } else if (tokens.at(Kind.NAME) && tokens.following().isOperator("=")) {
                String name = tokens.advance().text();
                tokens.expectOperator("=");
                if (named.put(name, expressions.expression()) != null) {
                    throw tokens.error("the argument '" + name + "' is given twice");
                }
            } else if (named.isEmpty() && rest == null) {
                positional.add(expressions.expression());
            } else {
                throw tokens.expected("an argument with a name");
            }
            if (!tokens.atOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        tokens.expectOperator(")");
        return new ArgumentList(List.copyOf(positional), named, rest, namedRest);
    }

    Expression filtersAndTests(Expression start) {
        Expression value = start;
        while (true) {
            Expression operand = value;
            if (tokens.skipOperator("|")) {
                FilterCall filter = filter();
                value = scope -> filter.apply(operand.evaluate(scope), scope);
            } else if (tokens.skipName("is")) {
                value = test(operand);
            } else if (tokens.atOperator("(")) {
                value = new Call(operand, arguments());
            } else {
                return value;
            }
        }
    }

    /** The filters of {@code | a | b(c)}, maybe none. */
    List<FilterCall> filters() {
        var filters = new ArrayList<FilterCall>();
        while (tokens.skipOperator("|")) {
            filters.add(filter());
        }
        return filters;
    }

    /** A filter's name and arguments. */
    FilterCall filter() {
        String name = tokens.expectName();
        return new FilterCall(name, tokens.atOperator("(") ? arguments() : ArgumentList.EMPTY);
    }

    private Expression test(Expression operand) {
        boolean negated = tokens.skipName("not");
        String name = tokens.expectName();
        ArgumentList arguments = ArgumentList.EMPTY;
        if (tokens.atOperator("(")) {
            arguments = arguments();
        } else if (atTestArgument()) {
            arguments = new ArgumentList(List.of(postfix(primary())), Map.of(), null, null);
        }
        ArgumentList given = arguments;
        return scope -> Tests.holds(name, operand.evaluate(scope), given.evaluate(scope)) != negated;
    }

    private boolean atTestArgument() {
        if (tokens.atName("is")) {
            throw tokens.error("tests cannot be chained with 'is'");
        }
        boolean starts =
                TEST_ARGUMENT.contains(tokens.current().kind()) || tokens.atOperator("[") || tokens.atOperator("{");
        return starts && !tokens.atName("else") && !tokens.atName("or") && !tokens.atName("and");
    }
}
