package dev.attune.cli;

import dev.attune.classifier.TextClassifier;
import dev.attune.files.AtomicFile;
import dev.attune.recipe.Recipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code attune quickstart}: a whole run on data and a model that come with the project. */
@Command(
        name = "quickstart",
        description = {
            "Tune the built-in model on 360 messages to a support desk, test it, classify three new ones.",
            "",
            "Needs no download and takes less than a minute."
        })
final class QuickstartCommand implements Callable<Integer> {
    private static final String RECIPE = "quickstart.yaml";
    private static final List<String> FILES = List.of("train.csv", "test.csv", "README.md", RECIPE);
    private static final List<String> NEW_MESSAGES = List.of(
            "you took 20 dollars from my card and I don't know what for",
            "the postman says it was handed over, but to whom? I have nothing",
            "a button to print the whole week at once, that would be something");

    private final Console console;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where data and runs are written (default: runs/quickstart).")
    private Path out = Path.of("runs", "quickstart");

    @Option(names = "--threads", paramLabel = "N", description = "Threads of libtorch (default: one a core).")
    private int threads;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the run (default: 42).")
    private long seed = 42;

    QuickstartCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Path data = out.resolve("data");
        FILES.forEach(name -> copy(name, data.resolve(name)));
        Path run = freeFolder();
        int code = TrainCommand.train(console, recipe(data), run);
        if (code == 0) {
            classify(run);
            suggest(run, data);
        }
        return code;
    }

    private Recipe recipe(Path data) {
        return Recipe.read(data.resolve(RECIPE))
                .with(Map.of(
                        "data",
                        data.resolve("train.csv").toString(),
                        "test-data",
                        data.resolve("test.csv").toString(),
                        "threads",
                        threads,
                        "seed",
                        seed));
    }

    /** Each quickstart makes a run of its own, so that the second does not stop at what the first has left. */
    private Path freeFolder() {
        int n = 1;
        while (Files.exists(out.resolve("run-" + n))) {
            n++;
        }
        return out.resolve("run-" + n);
    }

    private static void copy(String resource, Path target) {
        try (InputStream in = QuickstartCommand.class.getResourceAsStream("quickstart/" + resource)) {
            byte[] content = Objects.requireNonNull(in, resource).readAllBytes();
            AtomicFile.write(target, temporary -> Files.write(temporary, content));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + resource + ": " + e.getMessage(), e);
        }
    }

    private void classify(Path run) {
        var out = console.out();
        out.println();
        out.println("Three messages it has not seen:");
        var table = new Table();
        try (var classifier = TextClassifier.load(run)) {
            for (var prediction : classifier.classify(NEW_MESSAGES)) {
                table.row(
                        "  " + prediction.label(),
                        String.format(Locale.ROOT, "%.3f", prediction.probability()),
                        prediction.text());
            }
        }
        table.print(out);
    }

    private void suggest(Path run, Path data) {
        var out = console.out();
        out.println();
        out.println("Next, try:");
        out.println("  ./attune classify " + run + " \"where is my parcel?\"");
        out.println("  ./attune evaluate " + run + " --data " + data.resolve("test.csv") + " --json");
        out.println("  ./attune data describe " + data.resolve("train.csv") + " --model minilm");
        out.println("  ./attune train --data YOUR.csv --text-column TEXT --label-column LABEL --out runs/mine");
    }
}
