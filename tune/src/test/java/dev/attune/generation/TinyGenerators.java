package dev.attune.generation;

import dev.attune.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The golden language models (64 tokens) as whole Hugging Face folders. Their tokenizer is GPT-2's tiny one, whose first
 * 64 tokens are punctuation, digits and capital letters; token 1 ("!") ends a text.
 */
final class TinyGenerators {
    private static final List<String> MODEL_FILES = List.of("config.json", Checkpoint.WEIGHTS);
    private static final List<String> TOKENIZER_FILES = List.of("tokenizer.json", "tokenizer_config.json");

    private TinyGenerators() {}

    /** Writes the family's folder and returns it. */
    static Path write(String family, Path folder) {
        try {
            Files.createDirectories(folder);
            for (String name : MODEL_FILES) {
                String check = family.startsWith("t5") ? "/conditional/" : "/causal/";
                copy("/golden/" + family + check + name, folder.resolve(name));
            }
            for (String name : TOKENIZER_FILES) {
                copy("/tokenizer/tiny-gpt2/" + name, folder.resolve(name));
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(String resource, Path target) throws IOException {
        try (var in = TinyGenerators.class.getResourceAsStream(resource)) {
            Files.write(target, Objects.requireNonNull(in, resource).readAllBytes());
        }
    }
}
