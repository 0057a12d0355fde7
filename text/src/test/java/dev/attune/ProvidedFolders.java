package dev.attune;

import java.nio.file.Files;
import java.nio.file.Path;

/** Model and data folders that the interop and real tiers need and the project does not carry. */
public final class ProvidedFolders {
    private ProvidedFolders() {}

    /** A folder of ATTUNE_MODELS, by default ~/.cache/attune/models. */
    public static Path model(String name) {
        return existing(models().resolve(name), "ATTUNE_MODELS");
    }

    /** Python with transformers, peft and scikit-learn. */
    public static Path python() {
        return existing(models().resolve(".venv/bin/python"), "ATTUNE_MODELS");
    }

    /** A file or folder of ATTUNE_DATA, by default ../shared/data beside the project. */
    public static Path data(String name) {
        String set = System.getenv("ATTUNE_DATA");
        // Maven runs the tests in the module's folder.
        Path data = set == null ? Path.of("..", "..", "shared", "data") : Path.of(set);
        return existing(data.resolve(name), "ATTUNE_DATA");
    }

    private static Path models() {
        String set = System.getenv("ATTUNE_MODELS");
        return set == null ? Path.of(System.getProperty("user.home"), ".cache", "attune", "models") : Path.of(set);
    }

    private static Path existing(Path path, String variable) {
        if (!Files.exists(path)) {
            throw new AssertionError(path.toAbsolutePath().normalize() + " is missing. Run .ci/run, which fetches what"
                    + " these tests need, or set " + variable + " to the folder that holds it.");
        }
        return path;
    }
}
