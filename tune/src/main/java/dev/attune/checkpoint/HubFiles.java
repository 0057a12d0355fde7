package dev.attune.checkpoint;

import dev.attune.files.InputException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which files of a model on the hub are needed here: what describes it first, the weights last. */
final class HubFiles {
    static final String CONFIG = "config.json";

    private static final List<String> DESCRIPTION = List.of(
            CONFIG,
            Checkpoint.ADAPTER_CONFIG,
            Checkpoint.SETTINGS,
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "chat_template.jinja");

    private HubFiles() {}

    /** Configuration and tokenizer files among {@code present}. */
    static List<String> description(Set<String> present) {
        return DESCRIPTION.stream().filter(present::contains).toList();
    }

    /**
     * Weight files among {@code present}, without the shards that {@link ShardIndex#FILE_NAME} names.
     *
     * @throws InputException when there are none in safetensors
     */
    static List<String> weights(HubModel model, Set<String> present) {
        if (!present.contains(CONFIG) && !present.contains(Checkpoint.ADAPTER_CONFIG)) {
            throw new InputException(
                    model + " on the hub has no config.json: it is not a model this program can load.");
        }
        var weights = new TreeSet<String>();
        if (present.contains(Checkpoint.WEIGHTS)) {
            weights.add(Checkpoint.WEIGHTS);
        } else if (present.contains(ShardIndex.FILE_NAME)) {
            weights.add(ShardIndex.FILE_NAME);
        }
        if (present.contains(Checkpoint.ADAPTER_WEIGHTS)) {
            weights.add(Checkpoint.ADAPTER_WEIGHTS);
        }
        if (weights.isEmpty()) {
            var other = present.stream()
                    .filter(name -> name.matches("[^/]+\\.(bin|pt|pth|ckpt|h5|msgpack|gguf|onnx)"))
                    .sorted()
                    .limit(3)
                    .toList();
            throw new InputException(model + " on the hub has no safetensors weights"
                    + (other.isEmpty() ? "." : " (only " + String.join(", ", other) + ").")
                    + " Choose a model that has them, or convert this one with transformers' save_pretrained.");
        }
        return List.copyOf(weights);
    }
}
