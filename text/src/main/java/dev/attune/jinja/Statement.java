package dev.attune.jinja;

import dev.attune.jinja.Expression.FilterCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parsed piece of a template: text, a printed expression or a tag with what it encloses. */
interface Statement {
    /** How execution goes on after a statement. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    Flow execute(Scope scope, StringBuilder out);

    /** Text between tags. */
    record Data(String text) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            out.append(text);
            Limits.checkChars(out.length());
            return Flow.NEXT;
        }
    }

    /** {@code {{ value }}}. */
    record Print(Expression value) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            out.append(Printing.str(value.evaluate(scope)));
            Limits.checkChars(out.length());
            return Flow.NEXT;
        }
    }

    /** Remembers the line, for errors. */
    record At(int line, Statement statement) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            scope.rendering().at(line);
            return statement.execute(scope, out);
        }
    }

    /** Statements in a row. */
    record Body(List<Statement> statements) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            for (Statement statement : statements) {
                Flow flow = statement.execute(scope, out);
                if (flow != Flow.NEXT) {
                    return flow;
                }
            }
            return Flow.NEXT;
        }
    }

    /** A body with variables of its own. */
    record Block(Frame frame, Body body) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            return body.execute(frame.enter(scope), out);
        }

        String render(Scope scope) {
            var out = new StringBuilder();
            execute(scope, out);
            return out.toString();
        }
    }

    /** {@code break} or {@code continue}. */
    record Jump(Flow flow) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            return flow;
        }
    }

    /** {@code if}; an {@code elif} is an If in {@code otherwise}. Variables it sets are seen after it. */
    record If(Expression test, Statement then, @Nullable Statement otherwise) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            if (Comparison.truth(test.evaluate(scope))) {
                return then.execute(scope, out);
            }
            return otherwise == null ? Flow.NEXT : otherwise.execute(scope, out);
        }
    }

    /** {@code set target = value}. */
    record Set(Target target, Expression value) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            target.assign(value.evaluate(scope), scope);
            return Flow.NEXT;
        }
    }

    /** {@code set target | filters}, body, {@code endset}; where target is null a filter block, which prints. */
    record Filtered(@Nullable Target target, List<FilterCall> filters, Block body) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            var text = new StringBuilder();
            Flow flow = body.execute(scope, text);
            if (flow != Flow.NEXT) {
                return flow;
            }
            Object value = text.toString();
            for (FilterCall filter : filters) {
                value = filter.apply(value, scope);
            }
            if (target == null) {
                out.append(Printing.str(value));
            } else {
                target.assign(value, scope);
            }
            return Flow.NEXT;
        }
    }

    /** {@code with a = b, …} */
    record With(List<Target> targets, List<Expression> values, Block block) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            Scope inner = block.frame().enter(scope);
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).assign(values.get(i).evaluate(scope), inner);
            }
            return block.body().execute(inner, out);
        }
    }

    /** {@code generation}: marks what the assistant said; its text stays as it is. */
    record Generation(Block block) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            return block.execute(scope, out);
        }
    }

    /** {@code macro}. */
    record Define(Macro.Definition definition) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            scope.set(definition.name(), new Macro(definition, scope));
            return Flow.NEXT;
        }
    }

    /** {@code call}: a macro that gets the block's body as {@code caller()}. */
    record CallBlock(Macro.Definition caller, Expression.Call call) implements Statement {
        @Override
        public Flow execute(Scope scope, StringBuilder out) {
            out.append(Printing.str(call.evaluate(scope, new Macro(caller, scope))));
            return Flow.NEXT;
        }
    }
}
