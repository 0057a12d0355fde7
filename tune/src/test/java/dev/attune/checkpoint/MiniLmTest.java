package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.files.Download;
import dev.attune.files.Home;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniLmTest {
    @TempDir
    Path folder;

    @Test
    void becomesAHuggingFaceFolderOnce() throws Exception {
        // What a killed process left is no obstacle, and goes.
        Path left = Files.createDirectories(folder.resolve("models/.minilm-" + version() + ".1.tmp"));
        Files.writeString(left.resolve("model.safetensors"), "half");

        var threads = Executors.newFixedThreadPool(2);
        List<Path> made;
        try {
            Callable<Path> resolve = () -> folders().resolve("minilm");
            var both = threads.invokeAll(List.of(resolve, resolve));
            made = List.of(both.get(0).get(), both.get(1).get());
        } finally {
            threads.shutdownNow();
        }

        Path model = folder.resolve("models/minilm-" + version());
        assertThat(made).containsExactly(model, model);
        try (var siblings = Files.list(folder.resolve("models"))) {
            assertThat(siblings).containsExactly(model);
        }
        try (var files = Files.list(model)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "README.md", "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");
        }
        assertThat(model.resolve("README.md")).content().contains("apache-2.0");
        try (var weights = Checkpoint.open(model)) {
            assertThat(weights.names()).hasSize(5 + 6 * 16).noneMatch(n -> n.contains("onnx"));
            assertThat(weights.shape("embeddings.word_embeddings.weight")).containsExactly(30522, 384);
            assertThat(weights.shape("encoder.layer.5.intermediate.dense.weight"))
                    .containsExactly(1536, 384);
            assertThat(weights.shape("encoder.layer.5.output.dense.weight")).containsExactly(384, 1536);
        }

        FileTime before = Files.getLastModifiedTime(model.resolve("model.safetensors"));
        assertThat(folders().resolve("minilm")).isEqualTo(model);
        assertThat(Files.getLastModifiedTime(model.resolve("model.safetensors")))
                .isEqualTo(before);
    }

    private ModelFolders folders() {
        var hub = new HubSettings(URI.create("http://127.0.0.1:1"), folder.resolve("hub"), null, true, true);
        return new ModelFolders(new Home(folder), hub, Download.Progress.NONE);
    }

    private static String version() throws IOException {
        return MiniLm.version();
    }
}
