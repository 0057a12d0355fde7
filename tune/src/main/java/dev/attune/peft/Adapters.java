package dev.attune.peft;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adapters of one backbone by name, of which one at most is on. Closing it closes them, not the backbone. */
public final class Adapters implements AutoCloseable {
    private final Map<String, Lora> adapters = new LinkedHashMap<>();
    private @Nullable Lora active;

    /** Adds a detached adapter; one of that name is replaced. */
    public void add(String name, Lora adapter) {
        Lora before = adapters.put(name, adapter);
        if (before != null) {
            if (before == active) {
                active = null;
            }
            before.close();
        }
    }

    /** The names, in the order they were added. */
    public Set<String> names() {
        return Set.copyOf(adapters.keySet());
    }

    /** Switches to the adapter of this name. */
    public void use(String name) {
        Lora next = adapters.get(name);
        if (next == null) {
            throw new IllegalArgumentException("There is no adapter " + name + "; there are: " + adapters.keySet());
        }
        if (next != active) {
            useNone();
            next.attach();
            active = next;
        }
    }

    /** Switches to the base model. */
    public void useNone() {
        if (active != null) {
            active.detach();
            active = null;
        }
    }

    @Override
    public void close() {
        useNone();
        adapters.values().forEach(Lora::close);
    }
}
