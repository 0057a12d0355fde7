package dev.attune;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.checkpoint.CheckpointWriter;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** The golden classifiers (2 blocks, hidden size 32, 3 labels) as whole Hugging Face folders, with a tokenizer that fits. */
public final class TinyModels {
    /** Families as unlike as can be; mistral, qwen2 and t5, which has no classifier, can be written too. */
    public static final List<String> FAMILIES = List.of("bert", "bloom", "gpt2", "llama");

    private static final Map<String, String> WORDS = Map.of(
            "bert", "bert.embeddings.word_embeddings.weight",
            "bloom", "transformer.word_embeddings.weight",
            "gpt2", "transformer.wte.weight",
            "llama", "model.embed_tokens.weight",
            "mistral", "model.embed_tokens.weight",
            "qwen2", "model.embed_tokens.weight",
            "t5", "shared.weight");
    /** The families whose tokenizer is of another one's kind. */
    private static final Map<String, String> TOKENIZERS =
            Map.of("bloom", "gpt2", "mistral", "llama", "qwen2", "gpt2", "t5", "llama");

    /** Fields for a model that takes texts of 128 tokens: GPT-2 has vectors for 32 positions otherwise. */
    public static final Map<String, Integer> ROOMY = Map.of("n_positions", 128, "max_position_embeddings", 128);

    private static final List<String> TOKENIZER_FILES =
            List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json");
    private static final JsonMapper JSON = new JsonMapper();

    private TinyModels() {}

    /** Writes the family's folder and returns it. */
    public static Path write(String family, Path folder) {
        return write(family, folder, Map.of());
    }

    /**
     * Writes the family's folder and returns it.
     *
     * @param fields of config.json that are set to other values
     */
    @SuppressWarnings("try") // the scope is there for what it does
    public static Path write(String family, Path folder, Map<String, ?> fields) {
        try (var scope = new PointerScope()) {
            Files.createDirectories(folder);
            for (String name : TOKENIZER_FILES) {
                copy("/tokenizer/tiny-" + TOKENIZERS.getOrDefault(family, family) + "/" + name, folder.resolve(name));
            }
            if (family.equals("t5")) {
                closeTexts(folder.resolve("tokenizer.json"));
            }
            String golden = "/golden/" + family + (family.equals("t5") ? "/conditional/" : "/classifier/");
            copy(golden + "config.json", folder.resolve("config.json"));
            copy(golden + Checkpoint.WEIGHTS, folder.resolve(Checkpoint.WEIGHTS));
            int vocabulary;
            try (var tokenizer = Tokenizer.load(folder)) {
                vocabulary = tokenizer.vocabSize();
            }
            enlarge(folder, Objects.requireNonNull(WORDS.get(family)), vocabulary);
            if (family.equals("gpt2") && fields.get("n_positions") instanceof Integer positions) {
                enlarge(folder, "transformer.wpe.weight", positions);
            }
            var config =
                    (ObjectNode) JSON.readTree(folder.resolve("config.json").toFile());
            config.put("vocab_size", vocabulary);
            config.remove("pad_token_id"); // 63 is an ordinary token here
            fields.forEach((name, value) -> config.set(name, JSON.valueToTree(value)));
            JSON.writeValue(folder.resolve("config.json").toFile(), config);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts the end token behind every text and nothing before it, as T5's tokenizer does. */
    private static void closeTexts(Path file) throws IOException {
        var tokenizer = (ObjectNode) JSON.readTree(file.toFile());
        tokenizer.set("post_processor", JSON.readTree("""
                {"type": "TemplateProcessing",
                 "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                 "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                 "special_tokens": {"</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}}
                """));
        JSON.writeValue(file.toFile(), tokenizer);
    }

    /** A table of vectors drawn anew, with so many rows. */
    private static void enlarge(Path folder, String table, int rows) {
        var tensors = new LinkedHashMap<String, Tensor>();
        var checkpoint = Checkpoint.open(folder);
        checkpoint.names().forEach(name -> tensors.put(name, checkpoint.tensor(name)));
        int width = (int) checkpoint.shape(table)[1];
        var random = new Random(5);
        float[] values = new float[rows * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * 0.15);
        }
        tensors.put(table, Tensors.of(values, rows, width));
        CheckpointWriter.write(folder, tensors);
    }

    private static void copy(String resource, Path target) throws IOException {
        try (var in = TinyModels.class.getResourceAsStream(resource)) {
            if (in != null) {
                Files.write(target, in.readAllBytes());
            }
        }
    }
}
