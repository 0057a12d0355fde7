package dev.attune.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of a piece of the template that has variables of its own: the whole, a loop's body, a macro's, a block's.
 *
 * <p>Jinja2 decides before rendering where a name belongs. One that a piece assigns without having read it before, and
 * that nothing around it mentions, is that piece's own and undefined until then, also for the loops and macros inside,
 * even where the template is rendered with a variable of that name.
 */
final class Frame {
    private final @Nullable Frame outer;
    /** Each name by its first mention here: true where that assigns it. */
    private final Map<String, Boolean> assignedFirst = new HashMap<>();

    private List<String> undefined = List.of();
    private int branches;

    Frame(@Nullable Frame outer) {
        this.outer = outer;
    }

    void load(String name) {
        assignedFirst.putIfAbsent(name, false);
    }

    /** An assignment; in a branch of an if it may not happen, and the name is looked up outside until it does. */
    void store(String name) {
        assignedFirst.putIfAbsent(name, branches == 0);
    }

    /** A parameter, or the target of a loop: assigned from the start. */
    void parameter(String name) {
        assignedFirst.put(name, false);
    }

    void enterBranch() {
        branches++;
    }

    void leaveBranch() {
        branches--;
    }

    /** Once the frames around this one are complete. */
    void complete() {
        var own = new ArrayList<String>();
        assignedFirst.forEach((name, first) -> {
            if (first && !isMentionedAround(name)) {
                own.add(name);
            }
        });
        undefined = List.copyOf(own);
    }

    private boolean isMentionedAround(String name) {
        for (Frame frame = outer; frame != null; frame = frame.outer) {
            if (frame.assignedFirst.containsKey(name)) {
                return true;
            }
        }
        return false;
    }

    /** The variables at the start of this piece. */
    Scope enter(Scope around) {
        Scope scope = around.inner();
        for (String name : undefined) {
            scope.set(name, Undefined.name(name));
        }
        return scope;
    }
}
