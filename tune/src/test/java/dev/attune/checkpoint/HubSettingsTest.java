package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.InputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSettingsTest {
    @TempDir
    Path folder;

    @Test
    void areHuggingFacesOwnByDefault() {
        var settings = HubSettings.of(Map.of("HF_HOME", folder.toString()));
        assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(settings.cache()).isEqualTo(folder.resolve("hub"));
        assertThat(settings.token()).isNull();
        assertThat(settings.offline()).isFalse();
        assertThat(settings.symlinks()).isTrue();
        Path home = Path.of(System.getProperty("user.home"));
        assertThat(HubSettings.of(Map.of()).cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(HubSettings.of(Map.of("HF_HOME", "~/hf")).cache()).isEqualTo(home.resolve("hf/hub"));
        assertThat(HubSettings.of(Map.of("XDG_CACHE_HOME", folder.toString())).cache())
                .isEqualTo(folder.resolve("huggingface/hub"));
    }

    @Test
    void readTheTokenFromTheEnvironmentOrItsFile() throws IOException {
        Files.writeString(folder.resolve("token"), "hf_file\n");
        var home = Map.of("HF_HOME", folder.toString());
        assertThat(HubSettings.of(home).token()).isEqualTo("hf_file");
        assertThat(HubSettings.of(Map.of("HF_HOME", folder.toString(), "HF_TOKEN", " hf_env "))
                        .token())
                .isEqualTo("hf_env");
    }

    @Test
    void readTheOtherVariables() {
        var settings = HubSettings.of(Map.of(
                "HF_ENDPOINT", "https://mirror.example/hf/",
                "HF_HUB_CACHE", folder.resolve("c").toString(),
                "HF_HUB_OFFLINE", "true",
                "HF_HUB_DISABLE_SYMLINKS", "1"));
        assertThat(settings.endpoint()).isEqualTo(URI.create("https://mirror.example/hf"));
        assertThat(settings.cache()).isEqualTo(folder.resolve("c"));
        assertThat(settings.offline()).isTrue();
        assertThat(settings.symlinks()).isFalse();
        assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", "0")).offline()).isFalse();
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", "not an address")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("HF_ENDPOINT");
    }
}
