package dev.attune.jinja;

import dev.attune.jinja.Expression.FilterCall;
import dev.attune.jinja.Statement.Block;
import dev.attune.jinja.Statement.Body;
import dev.attune.jinja.Statement.Flow;
import dev.attune.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Parses a template's text and tags. */
final class StatementParser {
    private static final Set<String> UNSUPPORTED =
            Set.of("autoescape", "block", "extends", "from", "import", "include", "print");
    private static final Set<String> SPECIALS = Set.of("varargs", "kwargs", "caller");
    private static final Set<String> CONSTANTS = Set.of("true", "True", "false", "False", "none", "None");

    private final Tokens tokens;
    private final OperandParser operands;
    private final ExpressionParser expressions;
    private final List<Frame> frames = new ArrayList<>();
    private Frame frame = new Frame(null);
    /** How many loops are around what is parsed, as far as {@code break} can see them. */
    private int loops;

    StatementParser(String template) {
        tokens = new Tokens(Lexer.tokens(template));
        operands = new OperandParser(tokens, frame);
        expressions = operands.expressions();
    }

    Block template() {
        frames.add(frame);
        Body body = body(Set.of());
        frames.forEach(Frame::complete);
        return new Block(frame, body);
    }

    /** A piece with variables of its own begins, inside the current one. */
    private Frame open() {
        var inner = new Frame(frame);
        frames.add(inner);
        enter(inner);
        return inner;
    }

    private void enter(Frame other) {
        frame = other;
        operands.in(other);
    }

    /** What stands before a tag of {@code ends}, whose name is then the current token. */
    private Body body(Set<String> ends) {
        var statements = new ArrayList<Statement>();
        while (!tokens.at(Kind.END)) {
            Token token = tokens.advance();
            if (token.is(Kind.DATA)) {
                statements.add(new Statement.Data(token.text()));
            } else if (token.is(Kind.PRINT_BEGIN)) {
                statements.add(new Statement.At(token.line(), new Statement.Print(expressions.tuple())));
                tokens.expect(Kind.PRINT_END, "'}}'");
            } else {
                if (tokens.atNameOf(ends)) {
                    return new Body(statements);
                }
                statements.add(new Statement.At(token.line(), statement(ends)));
                tokens.expect(Kind.TAG_END, "'%}'");
            }
        }
        if (!ends.isEmpty()) {
            throw tokens.error("the template ends where " + tags(ends) + " is wanted");
        }
        return new Body(statements);
    }

    private static String tags(Set<String> names) {
        return String.join(
                " or ",
                names.stream().sorted().map(name -> "{% " + name + " %}").toList());
    }

    /** The rest of a tag, and what it encloses. */
    private Body enclosed(String... ends) {
        tokens.skipOperator(":");
        tokens.expect(Kind.TAG_END, "'%}'");
        return body(Set.of(ends));
    }

    private Body enclosedUntil(String end) {
        Body body = enclosed(end);
        tokens.advance();
        return body;
    }

    /** The same as a piece of its own. */
    private Block blockUntil(String end) {
        Frame around = frame;
        var block = new Block(open(), enclosedUntil(end));
        enter(around);
        return block;
    }

    private Statement generationTag() {
        int around = loops;
        loops = 0;
        var generation = new Statement.Generation(blockUntil("endgeneration"));
        loops = around;
        return generation;
    }

    private Statement statement(Set<String> ends) {
        Token tag = tokens.expect(Kind.NAME, "a tag's name");
        return switch (tag.text()) {
            case "if" -> ifTag();
            case "for" -> forTag();
            case "set" -> setTag();
            case "macro" -> macroTag();
            case "call" -> callTag();
            case "filter" -> filterTag();
            case "with" -> withTag();
            case "generation" -> generationTag();
            case "break" -> jump(Flow.BREAK, tag);
            case "continue" -> jump(Flow.CONTINUE, tag);
            default -> {
                String wanted = ends.isEmpty() ? "" : "; " + tags(ends) + " is wanted";
                throw UNSUPPORTED.contains(tag.text())
                        ? TemplateException.unsupported("the tag '" + tag.text() + "'")
                                .at(tag.line())
                        : new TemplateException("unknown tag '" + tag.text() + "'" + wanted, tag.line());
            }
        };
    }

    private Statement ifTag() {
        Expression test = expressions.tupleWithoutCondition();
        frame.enterBranch();
        Body then = enclosed("elif", "else", "endif");
        Token end = tokens.advance();
        Statement otherwise = null;
        if (end.isName("elif")) {
            otherwise = new Statement.At(end.line(), ifTag());
        } else if (end.isName("else")) {
            otherwise = enclosedUntil("endif");
        }
        frame.leaveBranch();
        return new Statement.If(test, then, otherwise);
    }

    private Statement forTag() {
        Frame around = frame;
        Target target = target(false);
        if (target.names().contains("loop")) {
            throw tokens.error("a loop cannot assign to 'loop'");
        }
        tokens.expectName("in");
        Expression iterable = expressions.tupleWithoutCondition();
        Expression test = null;
        if (tokens.skipName("if")) {
            target.names().forEach(open()::parameter);
            test = expressions.expression();
            enter(around);
        }
        boolean recursive = tokens.skipName("recursive");
        Frame inside = open();
        target.names().forEach(inside::parameter);
        inside.parameter("loop");
        loops++;
        var body = new Block(inside, enclosed("endfor", "else"));
        loops--;
        enter(around);
        Block otherwise = tokens.advance().isName("else") ? blockUntil("endfor") : null;
        return new For(target, iterable, test, recursive, body, otherwise);
    }

    private Statement jump(Flow flow, Token tag) {
        if (loops == 0) {
            throw new TemplateException("'" + tag.text() + "' outside of a loop", tag.line());
        }
        return new Statement.Jump(flow);
    }

    private Statement setTag() {
        Target target = target(true);
        if (loops > 0 && target.names().contains("loop")) {
            throw tokens.error("a loop cannot assign to 'loop'");
        }
        Expression value = tokens.skipOperator("=") ? expressions.tuple() : null;
        target.names().forEach(frame::store);
        target.namespaces().forEach(frame::load);
        if (value != null) {
            return new Statement.Set(target, value);
        }
        List<FilterCall> filters = operands.filters();
        return new Statement.Filtered(target, filters, blockUntil("endset"));
    }

    private Statement filterTag() {
        var filters = new ArrayList<FilterCall>();
        filters.add(operands.filter());
        filters.addAll(operands.filters());
        return new Statement.Filtered(null, filters, blockUntil("endfilter"));
    }

    private Statement withTag() {
        Frame around = frame;
        var targets = new ArrayList<Target>();
        var values = new ArrayList<Expression>();
        while (!tokens.at(Kind.TAG_END)) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            // A comma ends the pair: several names to unpack to stand in parentheses.
            targets.add(targetItem(false));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        Frame inside = open();
        targets.forEach(target -> target.names().forEach(inside::parameter));
        var body = new Block(inside, enclosedUntil("endwith"));
        enter(around);
        return new Statement.With(targets, values, body);
    }

    private Statement callTag() {
        Frame around = frame;
        Frame inside = open();
        List<Macro.Parameter> parameters = tokens.atOperator("(") ? parameters() : List.of();
        enter(around);
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw tokens.error("{% call %} takes a call of a macro");
        }
        return new Statement.CallBlock(definition("caller", inside, parameters, "endcall"), call);
    }

    private Statement macroTag() {
        Frame around = frame;
        String name = tokens.expectName();
        frame.store(name);
        Frame inside = open();
        List<Macro.Parameter> parameters = parameters();
        enter(around);
        return new Statement.Define(definition(name, inside, parameters, "endmacro"));
    }

    private Macro.Definition definition(String name, Frame inside, List<Macro.Parameter> parameters, String end) {
        Frame around = frame;
        int loopsAround = loops;
        Set<String> namesBefore = new HashSet<>(operands.names());
        operands.names().clear();
        loops = 0;
        enter(inside);
        Body body = enclosedUntil(end);
        enter(around);
        loops = loopsAround;
        var specials = new HashSet<>(operands.names());
        specials.retainAll(SPECIALS);
        parameters.forEach(parameter -> specials.remove(parameter.name()));
        operands.names().addAll(namesBefore);
        return new Macro.Definition(name, parameters, specials, new Block(inside, body));
    }

    private List<Macro.Parameter> parameters() {
        tokens.expectOperator("(");
        var parameters = new ArrayList<Macro.Parameter>();
        boolean defaults = false;
        while (!tokens.atOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = tokens.expectName();
            frame.parameter(name);
            boolean hasDefault = tokens.skipOperator("=");
            if (defaults && !hasDefault) {
                throw tokens.error("the parameter '" + name + "' needs a default, as one before it has one");
            }
            defaults = hasDefault;
            parameters.add(new Macro.Parameter(name, hasDefault ? expressions.expression() : null));
        }
        tokens.expectOperator(")");
        return parameters;
    }

    private Target target(boolean withNamespace) {
        Target first = targetItem(withNamespace);
        if (!tokens.atOperator(",")) {
            return first;
        }
        var targets = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",")) {
            if (tokens.atName("in") || !(tokens.at(Kind.NAME) || tokens.atOperator("("))) {
                break;
            }
            targets.add(targetItem(withNamespace));
        }
        return new Target.Names(targets);
    }

    private Target targetItem(boolean withNamespace) {
        if (tokens.skipOperator("(")) {
            Target inner = target(withNamespace);
            tokens.expectOperator(")");
            return inner;
        }
        String name = tokens.expectName();
        if (CONSTANTS.contains(name)) {
            throw tokens.error("'" + name + "' cannot be assigned to");
        } else if (withNamespace && tokens.skipOperator(".")) {
            return new Target.NamespaceAttribute(name, tokens.expectName());
        }
        return new Target.Name(name);
    }
}
