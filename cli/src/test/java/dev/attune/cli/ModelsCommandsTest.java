package dev.attune.cli;

import static dev.attune.cli.CommandRun.attune;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.model.Families;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ModelsCommandsTest {
    @Test
    void listNamesTheBuiltInModelAndTheFamilies() {
        var run = attune("models", "list");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("minilm").contains(String.join(", ", Families.names()));
    }

    @Test
    void getPrintsTheFolderAndNothingElse() {
        var run = attune("models", "get", "minilm");
        assertThat(run.code()).isZero();
        assertThat(Path.of(run.out().strip()).resolve("model.safetensors")).exists();
    }

    @Test
    void showTellsTheShapeAndCountsTheParameters() throws IOException {
        var run = attune("models", "show", "minilm", "--json");
        var json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("family").asText()).isEqualTo("bert");
        assertThat(json.get("blocks").asInt()).isEqualTo(6);
        assertThat(json.get("hidden_size").asInt()).isEqualTo(384);
        // The hub counts 22,713,216 with the pooler of 384 * 384 + 384, which the built-in copy leaves out.
        assertThat(json.get("parameters").asLong()).isEqualTo(22_713_216 - 384 * 384 - 384);
    }

    @Test
    void anUnknownModelSaysWhatCanBeNamed() {
        var run = attune("models", "show", "minilmm");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("\"minilmm\"").contains("owner/name");
        assertThat(run.err().lines()).hasSize(1);
    }
}
