package dev.attune.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code for target in iterable if test}: each round has variables of its own, and {@code loop}.
 *
 * @param otherwise runs when no round came to its end: there was nothing to iterate, or all rounds were broken off
 */
record For(
        Target target,
        Expression iterable,
        @Nullable Expression test,
        boolean recursive,
        Statement.Block block,
        @Nullable Statement otherwise)
        implements Statement {
    @Override
    public Flow execute(Scope scope, StringBuilder out) {
        return run(iterable.evaluate(scope), 0, scope, out);
    }

    private Flow run(Object values, int depth, Scope scope, StringBuilder out) {
        List<Object> items = new ArrayList<>();
        for (Object item : Access.iterate(values)) {
            if (test == null || passes(item, test, scope)) {
                items.add(item);
            }
        }
        var loop = new Loop(items, depth, recursive ? inner -> recurse(inner, depth + 1, scope) : null);
        boolean completed = false;
        while (loop.advance()) {
            scope.rendering().iterate();
            Scope round = block.frame().enter(scope);
            round.set("loop", loop);
            target.assign(loop.current(), round);
            Flow flow = block.body().execute(round, out);
            completed |= flow == Flow.NEXT;
            if (flow == Flow.BREAK) {
                break;
            }
        }
        return completed || otherwise == null ? Flow.NEXT : otherwise.execute(scope, out);
    }

    private boolean passes(Object item, Expression condition, Scope scope) {
        Scope round = scope.inner();
        target.assign(item, round);
        return Comparison.truth(condition.evaluate(round));
    }

    private String recurse(Object values, int depth, Scope scope) {
        scope.rendering().enterCall();
        var out = new StringBuilder();
        run(values, depth, scope, out);
        scope.rendering().leaveCall();
        return out.toString();
    }
}
