package dev.attune.jinja;

import dev.attune.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Parses operators in Jinja2's order, which is not Python's everywhere; {@link OperandParser} does what is between them. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final Tokens tokens;
    private final OperandParser operands;

    ExpressionParser(Tokens tokens, OperandParser operands) {
        this.tokens = tokens;
        this.operands = operands;
    }

    /** One expression, or a tuple of several with commas between them. */
    Expression tuple() {
        return tuple(true, false);
    }

    /** What {@code if} tests and {@code for} iterates: there, an inline if would be the tag's own. */
    Expression tupleWithoutCondition() {
        return tuple(false, false);
    }

    Expression tuple(boolean withCondition, boolean inParentheses) {
        var items = new ArrayList<Expression>();
        boolean comma = false;
        while (!atTupleEnd()) {
            items.add(withCondition ? expression() : or());
            if (!tokens.skipOperator(",")) {
                break;
            }
            comma = true;
        }
        if (!comma && items.size() == 1) {
            return items.get(0);
        } else if (items.isEmpty() && !inParentheses) {
            throw tokens.expected("an expression");
        }
        return scope -> new Tuple(Expression.all(items, scope));
    }

    private boolean atTupleEnd() {
        return tokens.at(Kind.PRINT_END)
                || tokens.at(Kind.TAG_END)
                || tokens.atOperator(")")
                || tokens.atName("recursive");
    }

    /** {@code a if b else c}. */
    Expression expression() {
        Expression value = or();
        while (tokens.skipName("if")) {
            Expression then = value;
            Expression test = or();
            Expression otherwise = tokens.skipName("else")
                    ? expression()
                    : scope -> new Undefined("the inline if-expression was false and has no else");
            value = scope -> (Comparison.truth(test.evaluate(scope)) ? then : otherwise).evaluate(scope);
        }
        return value;
    }

    private Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            Expression first = left;
            Expression second = and();
            left = scope -> {
                Object value = first.evaluate(scope);
                return Comparison.truth(value) ? value : second.evaluate(scope);
            };
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            Expression first = left;
            Expression second = not();
            left = scope -> {
                Object value = first.evaluate(scope);
                return Comparison.truth(value) ? second.evaluate(scope) : value;
            };
        }
        return left;
    }

    private Expression not() {
        if (tokens.skipName("not")) {
            Expression operand = not();
            return scope -> !Comparison.truth(operand.evaluate(scope));
        }
        return comparison();
    }

    private record Operand(String operator, Expression value) {}

    /** {@code a < b <= c} and the like: as many as there are, each with its left neighbour. */
    private Expression comparison() {
        Expression first = sum();
        var operands = new ArrayList<Operand>();
        while (true) {
            if (tokens.at(Kind.OPERATOR)
                    && COMPARISONS.contains(tokens.current().text())) {
                operands.add(new Operand(tokens.advance().text(), sum()));
            } else if (tokens.skipName("in")) {
                operands.add(new Operand("in", sum()));
            } else if (tokens.atName("not") && tokens.following().isName("in")) {
                tokens.advance();
                tokens.advance();
                operands.add(new Operand("not in", sum()));
            } else {
                break;
            }
        }
        if (operands.isEmpty()) {
            return first;
        }
        return scope -> {
            Object left = first.evaluate(scope);
            for (Operand operand : operands) {
                Object right = operand.value.evaluate(scope);
                if (!holds(left, operand.operator, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        };
    }

    private static boolean holds(Object left, String operator, Object right) {
        return switch (operator) {
            case "==" -> Comparison.equal(left, right);
            case "!=" -> !Comparison.equal(left, right);
            case "in" -> Comparison.contains(right, left);
            case "not in" -> !Comparison.contains(right, left);
            default -> Comparison.compares(left, operator, right);
        };
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.atOperator("+") || tokens.atOperator("-")) {
            left = arithmetic(left, tokens.advance().text(), concatenation());
        }
        return left;
    }

    private static Expression arithmetic(Expression left, String operator, Expression right) {
        return scope -> Arithmetic.apply(operator, left.evaluate(scope), right.evaluate(scope));
    }

    /** {@code a ~ b}: binds stronger than {@code +}. */
    private Expression concatenation() {
        Expression first = product();
        if (!tokens.atOperator("~")) {
            return first;
        }
        var parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return scope -> {
            String text =
                    Expression.all(parts, scope).stream().map(Printing::str).collect(Collectors.joining());
            Limits.checkChars(text.length());
            return text;
        };
    }

    private Expression product() {
        Expression left = power();
        while (tokens.atOperator("*") || tokens.atOperator("/") || tokens.atOperator("//") || tokens.atOperator("%")) {
            left = arithmetic(left, tokens.advance().text(), power());
        }
        return left;
    }

    /** {@code a ** b}: from left to right, and weaker than a sign. */
    private Expression power() {
        Expression left = unary(true);
        while (tokens.skipOperator("**")) {
            left = arithmetic(left, "**", unary(true));
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        Expression value;
        if (tokens.skipOperator("-")) {
            Expression operand = unary(false);
            value = scope -> Arithmetic.negate(operand.evaluate(scope));
        } else if (tokens.skipOperator("+")) {
            Expression operand = unary(false);
            value = scope -> Arithmetic.plus(operand.evaluate(scope));
        } else {
            value = operands.primary();
        }
        value = operands.postfix(value);
        return withFilters ? operands.filtersAndTests(value) : value;
    }
}
