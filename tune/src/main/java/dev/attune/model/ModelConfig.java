package dev.attune.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.files.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A model's config.json: what the families have in common under one name each, and the whole file for the rest.
 *
 * @param source the file, for messages
 * @param modelType which family: {@code gpt2}, {@code bert}, {@code bloom}, {@code llama}, …
 * @param hiddenSize C
 * @param depth number of blocks; of the decoder's where there is an encoder
 * @param heads H
 * @param kvHeads key/value heads, a divisor of H
 * @param headDim D
 * @param innerSize width of the feed-forward layer
 * @param vocabSize V
 * @param maxPositions the longest sequence, or {@link #NO_LIMIT}
 * @param activation of the feed-forward layer, by Hugging Face's name
 * @param epsilon of the norms
 * @param initializerRange standard deviation of new weights
 * @param embeddingDropout rate on the embeddings' sum
 * @param attentionDropout rate on the attention weights
 * @param hiddenDropout rate on what a block adds to its input
 * @param classifierDropout rate before the classification head
 * @param labels label names by index, from id2label; {@code LABEL_0} and so on where the file has none
 * @param raw the file
 */
public record ModelConfig(
        Path source,
        String modelType,
        int hiddenSize,
        int depth,
        int heads,
        int kvHeads,
        int headDim,
        int innerSize,
        int vocabSize,
        int maxPositions,
        String activation,
        double epsilon,
        double initializerRange,
        double embeddingDropout,
        double attentionDropout,
        double hiddenDropout,
        double classifierDropout,
        List<String> labels,
        JsonNode raw) {
    /** The families that tell positions by biases on the attention scores have no longest sequence. */
    public static final int NO_LIMIT = Integer.MAX_VALUE;

    private static final Set<String> BIASED = Set.of("bloom", "t5");

    public ModelConfig {
        labels = List.copyOf(labels);
        if (depth < 1 || heads < 1 || kvHeads < 1 || headDim < 1 || hiddenSize < 1) {
            throw new InputException(source + " describes a model without blocks, heads or width.");
        }
        if (heads % kvHeads != 0) {
            throw new InputException(
                    source + " has " + heads + " heads that cannot share " + kvHeads + " key/value heads evenly.");
        }
    }

    /** How many labels the classification head has. */
    public int numLabels() {
        return labels.size();
    }

    /**
     * Reads {@code config.json} of a model folder.
     *
     * @throws InputException if it is missing, is no JSON, or lacks what every family needs
     */
    public static ModelConfig read(Path folder) {
        Path file = folder.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            throw new InputException(folder + " has no config.json. A model folder holds config.json and"
                    + " model.safetensors, as Hugging Face's save_pretrained writes them.");
        }
        try {
            return of(file, new JsonMapper().readTree(file.toFile()));
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file + " is not valid JSON: line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ".",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A config that has been read already.
     *
     * @param source where it was read, for messages
     */
    public static ModelConfig of(Path source, JsonNode json) {
        var in = new Fields(source, json);
        int hidden = in.integer("hidden_size", "n_embd", "n_embed", "d_model");
        int heads = in.integer("num_attention_heads", "n_head", "num_heads");
        String type = in.string("model_type");
        double usualDropout = Set.of("gpt2", "bert", "t5").contains(type) ? 0.1 : 0;
        double hiddenDropout =
                in.number(usualDropout, "hidden_dropout_prob", "resid_pdrop", "hidden_dropout", "dropout_rate");
        return new ModelConfig(
                source,
                type,
                hidden,
                in.integer("num_hidden_layers", "n_layer", "num_decoder_layers", "num_layers"),
                heads,
                (int) in.number(heads, "num_key_value_heads"),
                (int) in.number(heads == 0 ? 0 : hidden / heads, "head_dim", "d_kv"),
                (int) in.number(4.0 * hidden, "intermediate_size", "n_inner", "d_ff"),
                in.integer("vocab_size"),
                BIASED.contains(type) ? NO_LIMIT : in.integer("max_position_embeddings", "n_positions"),
                activation(type, in),
                in.number(1e-5, "layer_norm_eps", "layer_norm_epsilon", "rms_norm_eps"),
                in.number(0.02, "initializer_range"),
                in.number(hiddenDropout, "embd_pdrop", "hidden_dropout_prob"),
                in.number(usualDropout, "attention_probs_dropout_prob", "attn_pdrop", "attention_dropout"),
                hiddenDropout,
                in.number(json.path("hidden_dropout_prob").asDouble(0), "classifier_dropout"),
                labels(source, json),
                json);
    }

    /** Bloom has always the same one, T5 names its own beside the kind of the feed-forward part. */
    private static String activation(String type, Fields in) {
        return switch (type) {
            case "bloom" -> "gelu_pytorch_tanh";
            case "t5" -> {
                String kind = in.json().path("feed_forward_proj").asText("relu");
                yield kind.equals("gated-gelu") ? "gelu_new" : kind.replaceFirst("^gated-", "");
            }
            default -> in.string("hidden_act", "activation_function");
        };
    }

    /** A field that only some families have; absent and null are the same. */
    JsonNode field(String name) {
        JsonNode node = raw.path(name);
        return node.isNull() ? com.fasterxml.jackson.databind.node.MissingNode.getInstance() : node;
    }

    /** Refuses a field that changes results in a way that is not implemented. */
    void require(String field, boolean ordinary) {
        if (field(field).asBoolean(ordinary) != ordinary) {
            throw new InputException(source + " sets " + field + " to " + !ordinary + ", which is not supported.");
        }
    }

    private static List<String> labels(Path source, JsonNode json) {
        JsonNode map = json.path("id2label");
        if (!map.isObject()) {
            int count = json.path("num_labels").asInt(2);
            return java.util.stream.IntStream.range(0, count)
                    .mapToObj(i -> "LABEL_" + i)
                    .toList();
        }
        var names = new ArrayList<String>();
        for (int i = 0; i < map.size(); i++) {
            JsonNode name = map.get(Integer.toString(i));
            if (name == null) {
                throw new InputException(
                        source + ": id2label has " + map.size() + " labels, but none with the index " + i + ".");
            }
            names.add(name.asText());
        }
        return names;
    }

    /** Looks a field up under the names the families have for it. */
    private record Fields(Path source, JsonNode json) {
        @Nullable JsonNode find(String... names) {
            return Arrays.stream(names)
                    .map(json::get)
                    .filter(node -> node != null && !node.isNull())
                    .findFirst()
                    .orElse(null);
        }

        int integer(String... names) {
            JsonNode node = need(names);
            if (!node.canConvertToInt() || !node.isNumber()) {
                throw new InputException(source + ": " + names[0] + " must be a whole number, not " + node + ".");
            }
            return node.intValue();
        }

        double number(double otherwise, String... names) {
            JsonNode node = find(names);
            if (node != null && !node.isNumber()) {
                throw new InputException(source + ": " + names[0] + " must be a number, not " + node + ".");
            }
            return node == null ? otherwise : node.doubleValue();
        }

        String string(String... names) {
            return need(names).asText();
        }

        private JsonNode need(String... names) {
            JsonNode node = find(names);
            if (node == null) {
                throw new InputException(
                        source + " has no field " + Arrays.stream(names).collect(Collectors.joining(" or ")) + ".");
            }
            return node;
        }
    }
}
