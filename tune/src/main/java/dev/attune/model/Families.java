package dev.attune.model;

import dev.attune.checkpoint.Checkpoint;
import dev.attune.files.InputException;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;

/** The families there are, by the {@code model_type} of config.json. */
public final class Families {
    private static final Map<String, Family.Kind> KINDS =
            new TreeMap<>(Map.of("bert", Bert.KIND, "gpt2", Gpt2.KIND, "llama", Llama.KIND, "mistral", Llama.KIND));

    private Families() {}

    /**
     * A model as it was loaded.
     *
     * @param report what the checkpoint lacked and what it had too much
     */
    public record Loaded(Backbone backbone, LoadReport report) {}

    /**
     * Loads a model. Frozen tensors whose dtype is the wanted one are the checkpoint's own, mapped memory.
     *
     * @throws InputException for a family that is not supported, or a tensor that is missing or has the wrong shape
     */
    public static Loaded load(Checkpoint checkpoint, ModelConfig config, LoadOptions options) {
        Family.Kind kind = kind(config);
        // Everything made here belongs to the backbone: the scope is left open, and Backbone.close() closes it.
        try (var owner = new PointerScope()) {
            var loaded = Stack.load(kind, checkpoint, config, options, owner);
            owner.extend();
            return loaded;
        }
    }

    /** Whether the family of this config is causal. */
    public static boolean causal(ModelConfig config) {
        return kind(config).causal();
    }

    private static Family.Kind kind(ModelConfig config) {
        Family.Kind kind = KINDS.get(config.modelType());
        if (kind == null) {
            throw new InputException("Models of type " + config.modelType() + " (" + config.source()
                    + ") are not supported; these are: " + String.join(", ", KINDS.keySet()) + ".");
        }
        return kind;
    }
}
