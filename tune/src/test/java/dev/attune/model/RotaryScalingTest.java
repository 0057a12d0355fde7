package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.files.InputException;
import dev.attune.torch.Tensors;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rotary settings of config.json, in the spelling of transformers 5 and in the older one. */
class RotaryScalingTest {
    private final PointerScope scope = new PointerScope();

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @Test
    void turnsComponentsByPowersOfTheta() {
        // Two frequencies at D = 4: 1 and theta^(-1/2).
        assertThat(sines("\"rope_theta\": 10000.0")).containsExactly(sin(1, 0.01), Offset.offset(1e-7f));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"rope_parameters\": {\"rope_type\": \"linear\", \"rope_theta\": 100.0, \"factor\": 4.0}",
                "\"rope_theta\": 100.0, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 4.0}",
                "\"rope_theta\": 100.0, \"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 4.0}",
                "\"rope_theta\": 100.0, \"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 4.0}"
            })
    void stretchesAllPositionsLinearly(String settings) {
        assertThat(sines(settings)).containsExactly(sin(0.25, 0.025), Offset.offset(1e-7f));
    }

    @Test
    void takesTheDefaultThetaWhereThereIsNone() {
        assertThat(sines("\"rope_scaling\": null")).containsExactly(sin(1, 0.01), Offset.offset(1e-7f));
    }

    @Test
    void leavesHighFrequenciesAndStretchesLowOnesForLlama3() {
        // Wavelengths are 6.3 and 628: of a context of 100, the first is within a quarter, the second beyond the whole.
        assertThat(sines("\"rope_parameters\": {\"rope_type\": \"llama3\", \"rope_theta\": 10000.0, \"factor\": 8.0,"
                        + " \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
                        + " \"original_max_position_embeddings\": 100}"))
                .containsExactly(sin(1, 0.01 / 8), Offset.offset(1e-7f));
    }

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> sines("\"rope_parameters\": {\"rope_type\": \"linear\"}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("factor");
    }

    /** The sines by which the components turn at position 1. */
    private static float[] sines(String settings) {
        String json = "{\"model_type\": \"llama\", \"hidden_size\": 4, \"num_attention_heads\": 1,"
                + " \"num_hidden_layers\": 1, \"vocab_size\": 2, \"max_position_embeddings\": 8,"
                + " \"hidden_act\": \"silu\", " + settings + "}";
        try {
            var config = ModelConfig.of(Path.of("config.json"), new JsonMapper().readTree(json));
            var angles = RotaryScaling.of(config).angles(new int[][] {{1}}, torch.zeros(1));
            return Tensors.toFloats(angles.sin().flatten().narrow(0, 2, 2));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static float[] sin(double first, double second) {
        return new float[] {(float) Math.sin(first), (float) Math.sin(second)};
    }
}
