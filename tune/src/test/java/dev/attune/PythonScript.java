package dev.attune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A script of scripts/interop, run with the pinned transformers and peft. */
public final class PythonScript {
    private PythonScript() {}

    /**
     * Runs a script to its end; the test fails with what it printed unless it succeeds.
     *
     * @param folder where its output goes
     */
    public static void run(String name, Path folder, List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                ProvidedFolders.python().toString(),
                Path.of("../scripts/interop", name).toString()));
        command.addAll(arguments);
        Path log = folder.resolve(name + ".log");
        var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        assertThat(process.start().waitFor()).as(() -> read(log)).isZero();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
