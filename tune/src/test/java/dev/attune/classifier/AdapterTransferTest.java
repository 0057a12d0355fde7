package dev.attune.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.files.AtomicFile;
import dev.attune.files.Download;
import dev.attune.files.InputException;
import dev.attune.model.Golden;
import dev.attune.model.ModelConfig;
import dev.attune.peft.AdapterConfig;
import dev.attune.peft.AdapterFolder;
import dev.attune.peft.MergedModel;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Run;
import dev.attune.recipe.RunListener;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterTransferTest {
    private static final Download.Progress QUIETLY = (source, done, total) -> {};
    private static final List<String> TEXTS = TinyTexts.of(9, 7).texts();

    @TempDir
    static Path shared;

    private static Path base = Path.of("");
    private static Path run = Path.of("");

    @TempDir
    Path folder;

    @BeforeAll
    static void train() {
        base = TinyModels.write("gpt2", shared.resolve("base"));
        Path data = TinyTexts.write(TinyTexts.of(60, 1), shared.resolve("texts.csv"));
        var recipe = Recipe.defaults()
                .with(Map.of(
                        "method", "lora", "model", base.toString(), "data", data.toString(), "learning-rate", 0.02));
        run = Run.train(recipe, shared.resolve("run"), RunListener.NONE, () -> false)
                .folder();
    }

    @Test
    void aMergedClassifierNeedsNoAdapterAndNoBaseAndGivesTheSame() {
        Path out = folder.resolve("merged");
        AdapterTransfer.merge(run, null, null, out, QUIETLY);
        assertThat(AdapterFolder.isAdapter(out)).isFalse();
        assertThat(ModelConfig.read(out).labels()).containsExactly("food", "music", "weather");
        assertSame(out, run);
        try (var merged = Checkpoint.open(out);
                var plain = Checkpoint.open(base)) {
            assertThat(merged.names()).isEqualTo(plain.names());
        }
    }

    @Test
    void aMergedLanguageModelHoldsTheSumOfWeightsAndUpdates() {
        var adapter = Golden.open("gpt2", "lora-causal");
        Path model = Golden.causal("gpt2").folder();
        Path tokenizer = TinyModels.write("gpt2", folder.resolve("tokenizer"));
        Path whole = folder.resolve("whole");
        for (String name : List.of("config.json", "model.safetensors")) {
            AtomicFile.copy(model.resolve(name), whole.resolve(name));
        }
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            AtomicFile.copy(tokenizer.resolve(name), whole.resolve(name));
        }
        try (var opened = AdapterFolder.open(adapter.folder())) {
            MergedModel.write(opened, whole, null, folder.resolve("merged"));
        }
        try (var merged = Checkpoint.open(folder.resolve("merged"));
                var plain = Checkpoint.open(whole)) {
            String updated = "transformer.h.0.attn.c_attn.weight";
            String untouched = "transformer.h.0.mlp.c_fc.weight";
            assertThat(Tensors.toFloats(merged.tensor(untouched))).isEqualTo(Tensors.toFloats(plain.tensor(untouched)));
            assertThat(Tensors.toFloats(merged.tensor(updated))).isNotEqualTo(Tensors.toFloats(plain.tensor(updated)));
        }
        assertThat(folder.resolve("merged/tokenizer.json")).exists();
    }

    @Test
    void anExportedAdapterHasTheNameOfItsBaseAndNothingOfThisMachine() throws IOException {
        Path out = folder.resolve("exported");
        AdapterTransfer.export(run, "owner/tiny@v2", out);
        try (var files = Files.list(out)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            Checkpoint.ADAPTER_CONFIG,
                            Checkpoint.ADAPTER_WEIGHTS,
                            "tokenizer.json",
                            "tokenizer_config.json",
                            "attune.json",
                            "README.md");
        }
        var config = AdapterConfig.read(out);
        assertThat(config.baseModelNameOrPath()).isEqualTo("owner/tiny");
        assertThat(config.revision()).isEqualTo("v2");
        assertThat(out.resolve(Checkpoint.ADAPTER_WEIGHTS))
                .hasSameBinaryContentAs(run.resolve(Checkpoint.ADAPTER_WEIGHTS));
        for (String name : List.of("README.md", "attune.json", Checkpoint.ADAPTER_CONFIG)) {
            assertThat(Files.readString(out.resolve(name))).doesNotContain(shared.toString());
        }
        assertThat(out.resolve("README.md"))
                .content()
                .contains("base_model: owner/tiny", "precision")
                .doesNotContain("![", "recipe.yaml");
    }

    @Test
    void anExportedAdapterComesBackWithItsLabels() {
        Path exported = folder.resolve("exported");
        AdapterTransfer.export(run, "owner/tiny", exported);
        Path imported = folder.resolve("imported");
        AdapterTransfer.importTo(exported, base.toString(), null, null, null, imported, QUIETLY);
        assertSame(imported, run);
        try (var classifier = TextClassifier.load(imported)) {
            assertThat(classifier.labels().names()).containsExactly("food", "music", "weather");
        }
    }

    @Test
    void anAdapterOfPeftIsImportedWithLabels() {
        Path bare = folder.resolve("bare");
        for (String name : List.of(Checkpoint.ADAPTER_CONFIG, Checkpoint.ADAPTER_WEIGHTS)) {
            AtomicFile.copy(run.resolve(name), bare.resolve(name));
        }
        Path out = folder.resolve("imported");
        assertThatThrownBy(() -> AdapterTransfer.importTo(bare, null, List.of("a", "b"), null, null, out, QUIETLY))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("for 3 labels, not 2");
        assertThat(out).doesNotExist();
        AdapterTransfer.importTo(bare, null, List.of("a", "b", "c"), null, 32, out, QUIETLY);
        try (var classifier = TextClassifier.load(out)) {
            assertThat(classifier.labels().names()).containsExactly("a", "b", "c");
        }
        assertSame(out, run);
    }

    @Test
    void aBaseThatDoesNotFitLeavesNothingBehind() {
        Path other = TinyModels.write("llama", folder.resolve("other"));
        Path out = folder.resolve("out");
        assertThatThrownBy(() -> AdapterTransfer.importTo(run, other.toString(), null, null, null, out, QUIETLY))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("c_attn");
        assertThatThrownBy(() -> AdapterTransfer.merge(run, other.toString(), null, out, QUIETLY))
                .isInstanceOf(InputException.class);
        assertThat(out).doesNotExist();
    }

    @Test
    void aFolderThatIsInUseIsNotWrittenTo() {
        assertThatThrownBy(() -> AdapterTransfer.export(run, null, base))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(base + " is there already");
    }

    private static void assertSame(Path actual, Path expected) {
        try (var one = TextClassifier.load(actual);
                var other = TextClassifier.load(expected)) {
            double[][] a = one.probabilities(TEXTS);
            double[][] e = other.probabilities(TEXTS);
            for (int i = 0; i < e.length; i++) {
                assertThat(a[i]).containsExactly(e[i], within(1e-5));
            }
        }
    }
}
