package dev.attune.peft;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.attune.PythonScript;
import dev.attune.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field that peft writes is read, refused by its name, or makes no difference. */
class AdapterFieldsTest {
    private static final Set<String> VIRTUAL = Set.of(
            "base_model_name_or_path",
            "num_attention_heads",
            "num_layers",
            "num_transformer_submodules",
            "num_virtual_tokens",
            "revision",
            "task_type",
            "token_dim");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert/lora-classifier",
                "gpt2/lora-causal",
                "t5/lora-conditional",
                "gpt2/prompt",
                "t5/prompt-conditional",
                "gpt2/prefix",
                "t5/prefix-conditional",
                "gpt2/p-tuning",
                "t5/p-tuning-conditional"
            })
    void noFieldOfPeftsFilesIsPassedOver(String adapter) throws IOException {
        var config = golden(adapter);

        var read = AdapterFields.walk(config, folder);

        switch (PeftType.valueOf(config.get("peft_type").asText())) {
            case LORA ->
                assertThat(read)
                        .contains(
                                "alpha_pattern",
                                "exclude_modules",
                                "lora_alpha",
                                "lora_dropout",
                                "modules_to_save",
                                "r",
                                "rank_pattern",
                                "target_modules")
                        .doesNotContain("bias", "init_lora_weights", "use_dora");
            case PROMPT_TUNING ->
                assertThat(read).containsAll(VIRTUAL).contains("prompt_tuning_init", "prompt_tuning_init_text");
            case P_TUNING ->
                assertThat(read)
                        .containsAll(VIRTUAL)
                        .contains("encoder_hidden_size", "encoder_reparameterization_type");
            case PREFIX_TUNING -> assertThat(read).containsAll(VIRTUAL).contains("prefix_projection");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert/lora-classifier", "gpt2/prompt", "gpt2/prefix", "gpt2/p-tuning"})
    void whatIsWrittenHasTheFieldsOfPeftsFiles(String adapter) throws IOException {
        var golden = golden(adapter);
        AdapterFields.JSON.writeValue(folder.resolve(Checkpoint.ADAPTER_CONFIG).toFile(), golden);

        AdapterConfig.read(folder).write(folder);

        assertThat(AdapterFields.JSON.readTree(
                        folder.resolve(Checkpoint.ADAPTER_CONFIG).toFile()))
                .isEqualTo(golden);
    }

    /** The dataclasses themselves, so that a field which golden files lack cannot be missed. */
    @Test
    @Tag("interop")
    void noFieldOfTheInstalledPeftIsPassedOver() throws IOException, InterruptedException {
        Path file = folder.resolve("fields.json");
        PythonScript.run("adapter_fields.py", folder, List.of(file.toString()));
        JsonNode types = AdapterFields.JSON.readTree(file.toFile());

        assertThat(types).hasSize(PeftType.values().length);
        for (JsonNode fields : types) {
            var config = (ObjectNode) fields;
            AdapterFields.walk(config, folder);
            AdapterConfig.read(folder).write(folder);
            var written = new TreeSet<String>();
            AdapterFields.JSON
                    .readTree(folder.resolve(Checkpoint.ADAPTER_CONFIG).toFile())
                    .fieldNames()
                    .forEachRemaining(written::add);
            var known = new TreeSet<String>();
            config.fieldNames().forEachRemaining(known::add);
            known.remove("runtime_config"); // which peft does not write either
            assertThat(written).isEqualTo(known);
        }
    }

    private static ObjectNode golden(String adapter) throws IOException {
        try (var in =
                AdapterFieldsTest.class.getResourceAsStream("/golden/" + adapter + "/" + Checkpoint.ADAPTER_CONFIG)) {
            return (ObjectNode) AdapterFields.JSON.readTree(Objects.requireNonNull(in, adapter));
        }
    }
}
