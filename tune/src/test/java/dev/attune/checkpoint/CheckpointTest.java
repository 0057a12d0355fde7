package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.InputException;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private static final String INDEX = "model.safetensors.index.json";

    private final PointerScope scope = new PointerScope();

    @TempDir
    Path folder;

    @AfterEach
    void freeTensors() {
        scope.close();
    }

    @Test
    void aSmallModelIsOneFile() {
        CheckpointWriter.write(folder, model());
        assertThat(folder).isDirectoryContaining("glob:**/model.safetensors");
        try (var checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.names()).containsExactlyInAnyOrder("a", "b", "c");
            assertThat(checkpoint.fileOf("b")).isEqualTo(folder.resolve("model.safetensors"));
            assertThat(checkpoint.contains("d")).isFalse();
        }
    }

    @Test
    void aLargeModelIsShardedAndReadBack() throws IOException {
        CheckpointWriter.write(folder, model(), 16);
        assertThat(Files.readString(folder.resolve(INDEX)))
                .contains("\"total_size\" : 44")
                .contains("\"c\" : \"model-00003-of-00003.safetensors\"");
        try (var checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.names()).containsExactly("a", "b", "c");
            assertThat(checkpoint.fileOf("a")).isEqualTo(folder.resolve("model-00001-of-00003.safetensors"));
            assertThat(checkpoint.fileOf("b")).isEqualTo(folder.resolve("model-00002-of-00003.safetensors"));
            assertThat(checkpoint.shape("b")).containsExactly(3, 2);
            assertThat(checkpoint.dtype("c")).isEqualTo(Dtype.I64);
            model().forEach((name, tensor) ->
                    assertThat(checkpoint.tensor(name).equal(tensor)).as(name).isTrue());
        }
    }

    @Test
    void tensorsShareAShardUpToItsSize() {
        CheckpointWriter.write(folder, model(), 36);
        try (var checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.fileOf("a")).isEqualTo(checkpoint.fileOf("b"));
            assertThat(checkpoint.fileOf("c")).isNotEqualTo(checkpoint.fileOf("b"));
        }
    }

    @Test
    void whatAFormerModelLeftIsRemoved() {
        CheckpointWriter.write(folder, model());
        CheckpointWriter.write(folder, model(), 36);
        assertThat(folder.resolve("model.safetensors")).doesNotExist();
        CheckpointWriter.write(folder, model(), 16);
        assertThat(folder.resolve("model-00001-of-00002.safetensors")).doesNotExist();
        CheckpointWriter.write(folder, model());
        assertThat(folder.toFile().list()).containsExactly("model.safetensors");
    }

    @Test
    void filesOfOthersStayWhenTheModelIsRewritten() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), model());
        CheckpointWriter.write(folder, model());
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder("config.json", "adapter_model.safetensors", "model.safetensors");
    }

    @Test
    void anyOtherFileCanBeNamed() {
        Path adapter = folder.resolve("adapter_model.safetensors");
        SafetensorsWriter.write(adapter, model());
        try (var checkpoint = Checkpoint.ofFile(adapter)) {
            assertThat(Tensors.toFloats(checkpoint.tensor("a"))).containsExactly(1, 2, 3);
            assertThat(checkpoint.source()).isEqualTo(adapter);
        }
    }

    @Test
    void aMissingTensorIsNamedWithTheNearest() {
        CheckpointWriter.write(
                folder, Map.of("h.0.attn.weight", Tensors.of(new float[1]), "wte", Tensors.of(new float[1])));
        try (var checkpoint = Checkpoint.open(folder)) {
            assertThatThrownBy(() -> checkpoint.tensor("transformer.h.0.attn.weight"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("transformer.h.0.attn.weight")
                    .hasMessageContaining("[h.0.attn.weight, wte]");
            assertThatThrownBy(() -> checkpoint.shape("wpe")).hasMessageContaining("[wte, h.0.attn.weight]");
        }
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        CheckpointWriter.write(folder, model(), 16);
        Files.delete(folder.resolve("model-00002-of-00003.safetensors"));
        refused("model-00002-of-00003.safetensors", "missing from " + folder);
    }

    @Test
    void aShardWithoutItsTensorIsNamed() throws IOException {
        CheckpointWriter.write(folder, model(), 16);
        String index = Files.readString(folder.resolve(INDEX));
        Files.writeString(folder.resolve(INDEX), index.replace("\"b\" :", "\"bb\" :"));
        refused("tensor bb into model-00002-of-00003.safetensors", "does not hold it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"../x.safetensors\"",
                "\"/etc/x.safetensors\"",
                "\"sub/x.safetensors\"",
                "\"..\\\\x.safetensors\"",
                "\"C:x.safetensors\"",
                "\"x\\u0000.safetensors\"",
                "\"..\"",
                "\"\"",
                "\"pytorch_model.bin\"",
                "7",
                "null",
                "{}"
            })
    void anIndexMustNotLeadOutOfItsFolder(String shard) throws IOException {
        Files.writeString(folder.resolve(INDEX), "{\"weight_map\":{\"a\":" + shard + "}}");
        refused(INDEX, "the tensor a", "not the name of a safetensors file of its own folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{\"weight_map\":{}}", "{\"weight_map\":[\"a\"]}", "{\"weight_map\":"})
    void anIndexThatIsNoneIsRefused(String json) throws IOException {
        Files.writeString(folder.resolve(INDEX), json);
        refused(INDEX, "Download it again");
    }

    @Test
    void aFolderWithoutWeightsSaysWhatItLacks() throws IOException {
        refused("no weights in " + folder, "model.safetensors");
        Files.writeString(folder.resolve("pytorch_model.bin"), "");
        refused(folder + " holds its weights as pytorch_model.bin", "convert");
        Path missing = folder.resolve("none");
        assertThatThrownBy(() -> Checkpoint.open(missing)).hasMessage("There is no model folder " + missing + ".");
    }

    @Test
    void aBrokenShardIsNamed() throws IOException {
        CheckpointWriter.write(folder, model(), 16);
        Files.write(folder.resolve("model-00003-of-00003.safetensors"), new byte[3]);
        refused("model-00003-of-00003.safetensors", "has 3 bytes");
    }

    private void refused(String... messageParts) {
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(InputException.class)
                .message()
                .contains(messageParts);
    }

    /** 12, 24 and 8 bytes, in that order. */
    private static Map<String, Tensor> model() {
        var tensors = new LinkedHashMap<String, Tensor>();
        tensors.put("a", Tensors.of(new float[] {1, 2, 3}));
        tensors.put("b", Tensors.of(new float[][] {{1, 2}, {3, 4}, {5, 6}}));
        tensors.put("c", Tensors.of(new long[] {-7}));
        return tensors;
    }
}
