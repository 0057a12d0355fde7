package dev.attune.cli;

import dev.attune.data.Split;
import dev.attune.explore.report.RunReport;
import dev.attune.files.InputException;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Sources;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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

    /** The data of a run, where it can still be read. */
    static @Nullable Split split(Path folder, Progress progress) {
        try {
            return Sources.split(Recipe.read(folder.resolve("recipe.yaml")), progress);
        } catch (InputException | UncheckedIOException e) { // moved away since
            return null;
        }
    }
}
