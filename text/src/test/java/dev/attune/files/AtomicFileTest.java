package dev.attune.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void replacesAFileAndMakesItsFolders() throws IOException {
        Path file = folder.resolve("a/b/file.txt");
        AtomicFile.writeString(file, "one");
        AtomicFile.writeString(file, "two");
        assertThat(file).hasContent("two");
        try (var left = Files.list(file.getParent())) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void keepsTheOldContentWhenWritingFails() throws IOException {
        Path file = folder.resolve("file.txt");
        AtomicFile.writeString(file, "old");
        assertThatThrownBy(() -> AtomicFile.write(file, temporary -> {
                    Files.writeString(temporary, "half");
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("No space left");
        assertThat(file).hasContent("old");
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void removesWhatAKilledProcessLeftAndNothingElse(@TempDir Path folder) throws IOException {
        Path left = folder.resolve(".model.safetensors.5a0e7f1c-30d5-4c6e-9d7c-0123456789ab.tmp");
        Path others = folder.resolve(".notes.tmp");
        Files.writeString(left, "half");
        Files.writeString(others, "whole");
        AtomicFile.removeLeftovers(folder);
        assertThat(folder).isDirectoryContaining(others::equals);
        assertThat(left).doesNotExist();
        AtomicFile.removeLeftovers(folder.resolve("none"));
    }
}
