package dev.attune.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.checkpoint.Checkpoint;
import dev.attune.files.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterConfigTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void readsBackALoraConfigThatItWrote() {
        var config = new LoraConfig(
                TaskType.SEQ_CLS,
                "owner/name",
                "v2",
                4,
                16,
                0.05,
                true,
                ModuleNames.of(List.of("query", "self.value")),
                ModuleNames.regex(".*\\.0\\..*"),
                Map.of("query", 2),
                Map.of("value", 0.5),
                List.of(1, 2),
                List.of("layer"),
                List.of("classifier", "score"),
                false);
        config.write(folder);
        assertThat(AdapterConfig.read(folder)).isEqualTo(config);
    }

    @Test
    void readsBackAPromptTuningConfigThatItWrote() {
        var config = new PromptTuningConfig(
                TaskType.CAUSAL_LM,
                "owner/name",
                null,
                8,
                32,
                1,
                4,
                2,
                PromptTuningConfig.Init.TEXT,
                "Is it spam?",
                "owner/name",
                Map.of("trust_remote_code", true));
        config.write(folder);
        assertThat(AdapterConfig.read(folder)).isEqualTo(config);
    }

    @Test
    void readsSingleValuesWherePeftAllowsThem() throws IOException {
        var config = (LoraConfig) read("""
                {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "lora_dropout": 0.0, "target_modules": ["q"],
                 "layers_to_transform": 1, "layers_pattern": "h"}""");
        assertThat(config.layersToTransform()).containsExactly(1);
        assertThat(config.layersPattern()).containsExactly("h");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"use_dora\": true",
                "\"bias\": \"all\"",
                "\"lora_bias\": true",
                "\"init_lora_weights\": \"pissa_niter_4\"",
                "\"layer_replication\": [[0, 2]]",
                "\"trainable_token_indices\": [1]",
                "\"of_the_future\": \"on\""
            })
    void refusesWhatWouldChangeTheResultsByTheFieldsName(String field) {
        String name = field.substring(1, field.indexOf('"', 1));
        assertThatThrownBy(
                        () -> read("{\"peft_type\": \"LORA\", \"r\": 4, \"target_modules\": [\"q\"], " + field + "}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(Checkpoint.ADAPTER_CONFIG)
                .hasMessageContaining(name);
    }

    @Test
    void passesOverFeaturesThatAreOff() throws IOException {
        assertThat(read("""
                        {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "lora_dropout": 0, "use_rslora": false, "use_dora": false,
                         "fan_in_fan_out": false, "target_modules": ["q"], "of_the_future": null, "also_new": {},
                         "init_lora_weights": "gaussian", "runtime_config": {"ephemeral_gpu_offload": true},
                         "peft_version": "99.0.0", "auto_mapping": {"base_model_class": "BertModel"}}""")).isInstanceOf(LoraConfig.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"r\": \"four\"", "\"r\": 0", "\"lora_dropout\": 2", "\"target_modules\": \"(q\""})
    void namesAFieldThatCannotBeRead(String field) {
        String name = field.substring(1, field.indexOf('"', 1));
        assertThatThrownBy(() -> read("{\"peft_type\": \"LORA\", \"lora_alpha\": 8, " + field + "}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(Checkpoint.ADAPTER_CONFIG)
                .hasMessageContaining(name.equals("target_modules") ? "(q" : name);
    }

    @Test
    void saysWhichMethodsThereAre() {
        assertThatThrownBy(() -> read("{\"peft_type\": \"ADALORA\"}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("ADALORA")
                .hasMessageContaining("LORA, PROMPT_TUNING");
        assertThatThrownBy(() -> read("{\"peft_type\": "))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 1");
        assertThatThrownBy(() -> AdapterConfig.read(folder.resolve("nowhere")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("nowhere holds no adapter");
    }

    private AdapterConfig read(String json) throws IOException {
        Files.writeString(folder.resolve(Checkpoint.ADAPTER_CONFIG), json);
        return AdapterConfig.read(folder);
    }
}
