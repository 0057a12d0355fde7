package dev.attune.cli;

import static dev.attune.cli.CommandRun.attune;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** train --method lora and the adapter commands, on one short run of the built-in model. */
class AdapterCommandsTest {
    private static final String MESSAGE = "I cannot log in to my account";

    @TempDir
    private static Path folder;

    private static Path run;
    private static CommandRun trained;

    @BeforeAll
    static void train() throws IOException {
        Path data = folder.resolve("messages.csv");
        try (InputStream in = QuickstartCommand.class.getResourceAsStream("quickstart/train.csv")) {
            Files.copy(Objects.requireNonNull(in), data);
        }
        run = folder.resolve("run");
        trained = attune(
                "train",
                "--data",
                data.toString(),
                "--method",
                "lora",
                "--limit",
                "60",
                "--epochs",
                "1",
                "--threads",
                "1",
                "--out",
                run.toString());
    }

    @Test
    void trainLeavesAnAdapterThatClassifies() {
        assertThat(trained.err()).isEmpty();
        assertThat(trained.code()).isZero();
        assertThat(run.resolve("adapter_model.safetensors")).exists();
        var classified = attune("classify", run.toString(), MESSAGE);
        assertThat(classified.code()).isZero();
        assertThat(classified.out()).isNotBlank();
    }

    @Test
    void inspectTellsWhatTheAdapterHolds() throws IOException {
        var json = new ObjectMapper()
                .readTree(attune("adapter", "inspect", run.toString(), "--json").out());
        assertThat(json.path("peft_type").asText()).isEqualTo("LORA");
        assertThat(json.path("base_model_name_or_path").asText()).isEqualTo("sentence-transformers/all-MiniLM-L6-v2");
        assertThat(json.path("updated_layers").asInt()).isEqualTo(12); // query and value of 6 blocks
        assertThat(json.path("saved_whole").toString()).contains("classifier.weight", "bert.pooler.dense.weight");
        assertThat(json.path("usable_here").asText()).isEqualTo("yes");
        assertThat(attune("adapter", "inspect", run.toString()).out()).contains("target_modules", "query, value");
    }

    @Test
    void inspectSaysWhyAnAdapterCannotBeUsed() throws IOException {
        Path other = Files.createDirectories(folder.resolve("dora"));
        Files.writeString(
                other.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\", \"r\": 4, \"use_dora\": true}");
        var inspected = attune("adapter", "inspect", other.toString());
        assertThat(inspected.code()).isZero();
        assertThat(inspected.out()).contains("no: ").contains("use_dora");
        assertThat(attune("adapter", "inspect", "minilm").err()).contains("holds a model, not an adapter");
    }

    @Test
    void mergedExportedAndImportedItAnswersTheSame() {
        String answer = attune("classify", run.toString(), MESSAGE, "--json").out();
        Path merged = folder.resolve("merged");
        Path exported = folder.resolve("exported");
        Path imported = folder.resolve("imported");
        assertThat(attune("adapter", "merge", run.toString(), "--out", merged.toString())
                        .code())
                .isZero();
        assertThat(attune("adapter", "export", run.toString(), "--out", exported.toString())
                        .code())
                .isZero();
        var imports =
                attune("adapter", "import", exported.toString(), "--base", "minilm", "--out", imported.toString());
        assertThat(imports.err()).isEmpty();
        assertThat(imports.code()).isZero();
        assertThat(attune("classify", imported.toString(), MESSAGE, "--json").out())
                .isEqualTo(answer);
        assertThat(attune("classify", merged.toString(), MESSAGE).code()).isZero();
        assertThat(attune("adapter", "merge", run.toString(), "--out", merged.toString())
                        .err())
                .contains("is there already");
    }
}
