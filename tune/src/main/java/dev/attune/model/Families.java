package dev.attune.model;

import dev.attune.checkpoint.Checkpoint;
import dev.attune.files.InputException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;

/** The families there are, by the {@code model_type} of config.json. */
public final class Families {
    private static final Map<String, Entry> ENTRIES = new TreeMap<>(Map.of(
            "bert", new Entry(Bert.KIND, "Bert"),
            "bloom", new Entry(Bloom.KIND, "Bloom"),
            "gpt2", new Entry(Gpt2.KIND, "GPT2"),
            "llama", new Entry(Llama.KIND, "Llama"),
            "mistral", new Entry(Llama.KIND, "Mistral"),
            "qwen2", new Entry(Llama.KIND, "Qwen2"),
            "t5", new Entry(T5.KIND, "T5")));

    /** A family, and how the names of its classes in transformers begin. */
    private record Entry(Family.Kind kind, String transformersName) {}

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

    /** The model types there are, sorted. */
    public static List<String> names() {
        return List.copyOf(ENTRIES.keySet());
    }

    /** Whether the family of this config is causal. */
    public static boolean causal(ModelConfig config) {
        return kind(config).causal();
    }

    /** Whether a text goes through an encoder of its own, whose {@link Encoder#memory} the blocks attend to. */
    public static boolean encoderDecoder(ModelConfig config) {
        return kind(config).equals(T5.KIND);
    }

    /** Transformers' class of this family with a classification head, as config.json's "architectures" names it. */
    public static String classificationClass(ModelConfig config) {
        return entry(config).transformersName() + "ForSequenceClassification";
    }

    private static Family.Kind kind(ModelConfig config) {
        return entry(config).kind();
    }

    private static Entry entry(ModelConfig config) {
        Entry entry = ENTRIES.get(config.modelType());
        if (entry == null) {
            throw new InputException("Models of type " + config.modelType() + " (" + config.source()
                    + ") are not supported; these are: " + String.join(", ", names()) + ".");
        }
        return entry;
    }
}
