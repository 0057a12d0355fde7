package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.files.Home;
import dev.attune.torch.Dtype;
import java.nio.file.Path;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("real")
class MiniLmRealTest {
    @TempDir
    Path folder;

    @Test
    @SuppressWarnings("try") // the scope frees the tensors
    void holdsTheHubsWeightsBitForBit() {
        String models = System.getenv()
                .getOrDefault(
                        "ATTUNE_MODELS",
                        Path.of(System.getProperty("user.home"), ".cache/attune/models")
                                .toString());
        Path original = Path.of(models, "minilm");
        assertThat(original.resolve("model.safetensors"))
                .as("the hub's files: run fetch_models.sh or set ATTUNE_MODELS")
                .exists();
        try (var scope = new PointerScope();
                var ours = Checkpoint.open(new MiniLm(new Home(folder)).folder());
                var theirs = Checkpoint.open(original)) {
            var missing = new TreeSet<>(theirs.names());
            missing.removeAll(ours.names());
            assertThat(missing).containsExactly("embeddings.position_ids", "pooler.dense.bias", "pooler.dense.weight");
            assertThat(theirs.names()).containsAll(ours.names());
            for (String name : ours.names()) {
                assertThat(ours.dtype(name)).isEqualTo(Dtype.F32);
                assertThat(ours.shape(name)).as(name).isEqualTo(theirs.shape(name));
                assertThat(ours.tensor(name).equal(theirs.tensor(name)))
                        .as(name)
                        .isTrue();
            }
        }
    }
}
