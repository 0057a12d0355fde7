package dev.attune.cli;

import dev.attune.checkpoint.ModelFolders;
import dev.attune.classifier.TextEmbedder;
import dev.attune.data.Split;
import dev.attune.explore.report.RunReport;
import dev.attune.files.InputException;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Sources;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The report.html of a run. */
final class ReportOfRun {
    private ReportOfRun() {}

    /** Writes it after training; a run is done without it too. */
    static void write(Console console, Path folder) {
        try (var progress = new Progress(console)) {
            Path file = RunReport.write(folder, split(folder, progress));
            progress.finish();
            console.out().println("Its report is " + file);
        } catch (InputException | UncheckedIOException e) {
            console.err().println("No report could be written: " + e.getMessage());
        }
    }

    /** How the base model and the tuned one see the texts that were tested; none where a model has no embeddings. */
    static List<RunReport.Embedded> embedded(Console console, Path folder, int most, Progress progress) {
        var texts = RunReport.testedTexts(folder, most);
        if (texts.isEmpty()) {
            return List.of();
        }
        try {
            String base = Recipe.read(folder.resolve("recipe.yaml")).model().model();
            Path model = ModelFolders.fromEnvironment(progress::fetching).resolve(base);
            return List.of(
                    new RunReport.Embedded("Before tuning", vectors(model, texts, progress)),
                    new RunReport.Embedded("After tuning", vectors(folder, texts, progress)));
        } catch (InputException | UncheckedIOException e) {
            console.err().println("No embeddings are shown: " + e.getMessage());
            return List.of();
        }
    }

    /** The vectors of texts by a model's folder. */
    static float[][] vectors(Path model, List<String> texts, Progress progress) {
        try (var embedder = TextEmbedder.load(model)) {
            return embedder.embed(texts, done -> progress.preparing("embedding texts", done, texts.size()));
        }
    }

    /** The data of a run, where it can still be read. */
    static @Nullable Split split(Path folder, Progress progress) {
        try {
            return Sources.split(Recipe.read(folder.resolve("recipe.yaml")), progress);
        } catch (InputException | UncheckedIOException e) { // moved away since
            return null;
        }
    }
}
