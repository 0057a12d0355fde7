package dev.attune.jinja;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop} of a for loop. */
final class Loop implements Attributes, Invocable {
    private final List<Object> items;
    private final int depth0;
    private final @Nullable Function<Object, String> recursion;
    private @Nullable Tuple lastChanged;
    private int index0 = -1;

    /** @param recursion renders the loop for inner values; null where the loop is marked for none */
    Loop(List<Object> items, int depth0, @Nullable Function<Object, String> recursion) {
        this.items = items;
        this.depth0 = depth0;
        this.recursion = recursion;
    }

    boolean advance() {
        return ++index0 < items.size();
    }

    Object current() {
        return items.get(index0);
    }

    int length() {
        return items.size();
    }

    @Override
    public @Nullable Object attribute(String name) {
        int size = items.size();
        return switch (name) {
            case "index" -> index0 + 1L;
            case "index0" -> (long) index0;
            case "revindex" -> (long) size - index0;
            case "revindex0" -> size - index0 - 1L;
            case "first" -> index0 == 0;
            case "last" -> index0 == size - 1;
            case "length" -> (long) size;
            case "depth" -> depth0 + 1L;
            case "depth0" -> (long) depth0;
            case "previtem" -> index0 > 0 ? items.get(index0 - 1) : new Undefined("there is no previous item");
            case "nextitem" -> index0 < size - 1 ? items.get(index0 + 1) : new Undefined("there is no next item");
            case "cycle" -> (Invocable) this::cycle;
            case "changed" -> (Invocable) this::changed;
            default -> null;
        };
    }

    private Object cycle(Arguments arguments) {
        List<Object> values = arguments.positional();
        if (values.isEmpty()) {
            throw new TemplateException("loop.cycle() needs values to go through");
        }
        return values.get(index0 % values.size());
    }

    private Object changed(Arguments arguments) {
        var values = new Tuple(arguments.positional());
        boolean changed = lastChanged == null || !Comparison.equal(lastChanged, values);
        lastChanged = values;
        return changed;
    }

    @Override
    public Object call(Arguments arguments) {
        if (recursion == null) {
            throw new TemplateException("a loop that calls itself must be marked 'recursive'");
        }
        return recursion.apply(arguments.bind("loop", "iterable").required(0));
    }

    @Override
    public String toString() {
        return "<LoopContext " + (index0 + 1) + "/" + items.size() + ">";
    }
}
