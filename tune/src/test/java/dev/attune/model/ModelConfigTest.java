package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelConfigTest {
    @TempDir
    Path folder;

    @Test
    void readsGpt2sOwnFieldNames() throws IOException {
        var config = read("""
                {"model_type": "gpt2", "n_embd": 48, "n_layer": 3, "n_head": 6, "n_inner": null, "n_positions": 20,
                 "vocab_size": 10, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-6,
                 "embd_pdrop": 0.3, "attn_pdrop": 0.2, "resid_pdrop": 0.1, "id2label": {"1": "spam", "0": "ham"}}
                """);

        assertThat(config.hiddenSize()).isEqualTo(48);
        assertThat(config.headDim()).isEqualTo(8);
        assertThat(config.innerSize()).isEqualTo(4 * 48);
        assertThat(config.maxPositions()).isEqualTo(20);
        assertThat(config.epsilon()).isEqualTo(1e-6);
        assertThat(config.embeddingDropout()).isEqualTo(0.3);
        assertThat(config.attentionDropout()).isEqualTo(0.2);
        assertThat(config.hiddenDropout()).isEqualTo(0.1);
        assertThat(config.labels()).containsExactly("ham", "spam");
    }

    @Test
    void countsKeyValueHeadsAndHeadWidthWhereTheyAreLeftOut() throws IOException {
        var config = read("""
                {"model_type": "llama", "hidden_size": 48, "num_hidden_layers": 3, "num_attention_heads": 6,
                 "vocab_size": 10, "max_position_embeddings": 20, "hidden_act": "silu", "intermediate_size": 64,
                 "head_dim": null, "num_labels": 3}
                """);

        assertThat(config.kvHeads()).isEqualTo(6);
        assertThat(config.headDim()).isEqualTo(8);
        assertThat(config.labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
    }

    @Test
    void readsBloomsFieldsAndFindsNoLongestSequence() throws IOException {
        var config = read("""
                {"model_type": "bloom", "n_embed": 24, "n_layer": 3, "num_attention_heads": 6, "n_inner": null,
                 "vocab_size": 10, "hidden_dropout": 0.25, "seq_length": 2048}
                """);

        assertThat(config.hiddenSize()).isEqualTo(24);
        assertThat(config.headDim()).isEqualTo(4);
        assertThat(config.maxPositions()).isEqualTo(ModelConfig.NO_LIMIT);
        assertThat(config.activation()).isEqualTo("gelu_pytorch_tanh");
        assertThat(config.hiddenDropout()).isEqualTo(0.25);
        assertThat(config.attentionDropout()).isZero();
    }

    @Test
    void drawsTheClassifiersDropoutFromTheHiddenOneInBert() throws IOException {
        String bert = """
                {"model_type": "bert", "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
                 "vocab_size": 10, "max_position_embeddings": 20, "hidden_act": "gelu", "intermediate_size": 8,
                 "hidden_dropout_prob": 0.25, "classifier_dropout": %s}
                """;

        assertThat(read(bert.formatted("null")).classifierDropout()).isEqualTo(0.25);
        assertThat(read(bert.formatted("0.5")).classifierDropout()).isEqualTo(0.5);
    }

    @Test
    void saysWhereAConfigIsWrong() throws IOException {
        assertThatThrownBy(() -> ModelConfig.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no config.json");
        assertThatThrownBy(() -> read("{\n\"model_type\": }"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> read("{\"model_type\": \"gpt2\"}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("hidden_size or n_embd");
        assertThatThrownBy(() -> read("{\"model_type\": \"gpt2\", \"n_embd\": \"wide\"}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("whole number");
        assertThatThrownBy(() -> read("[]")).isInstanceOf(InputException.class);
    }

    private ModelConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
        return ModelConfig.read(folder);
    }
}
