package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.Download;
import dev.attune.files.Home;
import dev.attune.files.InputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFoldersTest {
    @TempDir
    Path folder;

    @Test
    void takesAFolderAsItIs() throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        assertThatThrownBy(() -> folders(null).resolve(model.toString()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(model.toString())
                .hasMessageContaining("config.json");
        Files.writeString(model.resolve("config.json"), "{}");
        assertThat(folders(null).resolve(model.toString())).isEqualTo(model);
    }

    @Test
    void downloadsFromTheHub() {
        try (var hub = new FakeHub().with("config.json", "{}").with("model.safetensors", "weights")) {
            Path snapshot = folders(hub).resolve(FakeHub.REPO);
            assertThat(snapshot).endsWith(Path.of("snapshots", FakeHub.COMMIT));
            assertThat(folders(hub).resolve(FakeHub.REPO + "@" + FakeHub.COMMIT))
                    .isEqualTo(snapshot);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nothing", "./owner/name", "/nowhere/at/all", "a/b/c", "../up", "owner/na..me", "a\0b"})
    void namesTheWaysToNameAModel(String spec) {
        assertThatThrownBy(() -> folders(null).resolve(spec))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("minilm")
                .hasMessageContaining("owner/name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner/name@../../x", "owner/name@a b", "owner/name@/"})
    void refusesRevisionsThatCannotBe(String spec) {
        assertThatThrownBy(() -> folders(null).resolve(spec))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("revision");
    }

    private ModelFolders folders(@Nullable FakeHub hub) {
        var endpoint = hub == null ? URI.create("http://127.0.0.1:1") : hub.endpoint();
        var settings = new HubSettings(endpoint, folder.resolve("hub"), null, hub == null, true);
        return new ModelFolders(new Home(folder.resolve("home")), settings, Download.Progress.NONE);
    }
}
