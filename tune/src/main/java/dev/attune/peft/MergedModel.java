package dev.attune.peft;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.checkpoint.CheckpointWriter;
import dev.attune.files.AtomicFile;
import dev.attune.model.Families;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.model.ModelConfig;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Dtype;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A language model with a LoRA adapter merged into it, as a plain Hugging Face folder. */
public final class MergedModel {
    private static final String GENERATION = "generation_config.json";

    private MergedModel() {}

    /**
     * Writes the folder's files, weights last.
     *
     * @param base the base model's folder
     * @param dtype of the weights; null: as the base model's are
     */
    public static void write(AdapterFolder adapter, Path base, @Nullable Dtype dtype, Path out) {
        var config = ModelConfig.read(base);
        var options = LoadOptions.frozen(new Head.LanguageModel()).withFrozen(dtype);
        try (var checkpoint = Checkpoint.open(base);
                var backbone = Families.load(checkpoint, config, options).backbone();
                var lora = Lora.load(backbone, adapter, false)) {
            lora.merge();
            boolean own = Files.exists(adapter.folder().resolve("tokenizer.json"));
            try (var tokenizer = Tokenizer.load(own ? adapter.folder() : base)) {
                tokenizer.saveTo(out);
            }
            if (Files.isRegularFile(base.resolve(GENERATION))) {
                AtomicFile.copy(base.resolve(GENERATION), out.resolve(GENERATION));
            }
            ObjectNode json = config.raw().deepCopy();
            json.remove(List.of("_name_or_path", "torch_dtype"));
            boolean half = backbone.state().values().stream().anyMatch(weight -> Dtype.of(weight) == Dtype.BF16);
            json.put("dtype", half ? "bfloat16" : "float32");
            writeJson(out.resolve("config.json"), json);
            CheckpointWriter.write(out, backbone.state());
        }
    }

    private static void writeJson(Path file, ObjectNode json) {
        try {
            AtomicFile.writeString(
                    file, new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
