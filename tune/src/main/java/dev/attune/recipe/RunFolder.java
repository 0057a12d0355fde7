package dev.attune.recipe;

import dev.attune.classifier.ClassifierFolder;
import dev.attune.evaluation.TestResult;
import dev.attune.files.AtomicFile;
import dev.attune.training.MetricsLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of a run folder, beside the model's and the training loop's own. */
final class RunFolder {
    static final String RECIPE = "recipe.yaml";

    private RunFolder() {}

    static void writeResults(Path folder, Recipe recipe, @Nullable TestResult test, Provenance provenance) {
        var rows = MetricsLog.read(folder.resolve("metrics.jsonl"));
        Curves.write(folder, rows);
        var evaluation = test == null ? null : test.evaluation();
        if (test != null) {
            ConfusionPicture.write(folder, test.evaluation());
            test.write(folder);
        }
        AtomicFile.writeString(
                folder.resolve("README.md"),
                ModelCard.of(recipe, evaluation, provenance, ClassifierFolder.readAlikeByTransformers(folder)));
        provenance.write(folder); // last: it says that the run is done
    }

    /** How large the weights are that were saved. */
    static long weightBytes(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
        }
    }
}
