package dev.attune.cli;

import dev.attune.files.InputException;
import dev.attune.recipe.CrossValidation;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune train}: a recipe or flags in, a run folder out. */
@Command(
        name = "train",
        abbreviateSynopsis = true,
        sortOptions = false,
        description = {
            "Tune a model on labelled texts, test it, and write it as a Hugging Face folder.",
            "",
            "Options come from a recipe (a YAML file with the names below, without the dashes), from flags, or both: flags "
                    + "win. Ctrl-C saves the run; --resume goes on with it."
        },
        footer = {
            "",
            "Examples:",
            "  attune train --data sms-spam --model minilm --out runs/spam",
            "  attune train --data mails.csv --text-column body --label-column team --unfreeze all --epochs 4",
            "  attune train configs/sms-spam-minilm.yaml --epochs 2 --out runs/short",
            "  attune train configs/twitter-complaints-smollm2.yaml --folds 5 --out runs/complaints-folds",
            "  attune train --resume runs/spam"
        })
final class TrainCommand implements Callable<Integer>, LateOptions {
    private final Console console;

    @Parameters(arity = "0..1", paramLabel = "RECIPE", description = "YAML file with options.")
    private @Nullable Path recipeFile;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Run folder to write (default: runs/ and the recipe's or the data's name).")
    private @Nullable Path out;

    @Option(
            names = "--resume",
            paramLabel = "RUN",
            description = "Go on with a run that was stopped, with the options it was begun with.")
    private @Nullable Path resume;

    @Option(
            names = "--folds",
            paramLabel = "N",
            description = "Cross-validate instead, on all rows but those of a test part of its own, in so many folds.")
    private @Nullable Integer folds;

    @Option(
            names = "--keep-models",
            description = "Keep each fold's model (default: it is removed once it has predicted its rows).")
    private boolean keepModels;

    @Option(
            names = "--dry-run",
            description =
                    "Read the data, open the model, print what would be trained and about how much memory and time that takes, "
                            + "the time from a few passes; train nothing and write nothing.")
    private boolean dryRun;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public void addOptions(CommandSpec command) {
        RecipeFlags.addTo(command, option -> true);
    }

    @Override
    public Integer call() {
        if (resume == null) {
            var recipe = RecipeFlags.overlay(recipeFile == null ? Recipe.defaults() : Recipe.read(recipeFile), spec);
            if (recipe.data().data().isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(), "no data was named: give --data, or a recipe that has it");
            }
            if (dryRun && folds != null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--dry-run tells of a single run: it takes no --folds, each of which is one");
            }
            if (dryRun) {
                return dryRun(recipe);
            }
            if (folds == null && keepModels) {
                throw new ParameterException(spec.commandLine(), "--keep-models goes with --folds");
            }
            if (folds != null) {
                return crossValidate(recipe, folds, out == null ? foldsFolderFor(recipe) : out);
            }
            return train(console, recipe, out == null ? folderFor(recipe) : out);
        }
        if (folds != null
                || keepModels
                || dryRun
                || recipeFile != null
                || out != null
                || !RecipeFlags.given(spec).isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--resume goes on with a run as it was begun; it takes no other options");
        }
        Path folder = resume;
        if (CrossValidation.existsIn(folder)) {
            try (var stop = new StopSignal();
                    var progress = new Progress(console, stop::stepsBegin)) {
                var validation = CrossValidation.resume(folder, progress, stop::requested);
                progress.finish();
                return report(validation);
            }
        }
        try (var stop = new StopSignal();
                var progress = new Progress(console, stop::stepsBegin)) {
            var run = Run.resume(folder, progress, stop::requested);
            progress.finish();
            return report(console, run);
        }
    }

    private int dryRun(Recipe recipe) {
        try (var progress = new Progress(console)) {
            Run.dryRun(recipe, progress);
        }
        console.out().println("A dry run: nothing was trained.");
        console.out().flush();
        return 0;
    }

    private int crossValidate(Recipe recipe, int folds, Path folder) {
        if (RecipeFlags.given(spec).containsKey("split")) {
            throw new ParameterException(spec.commandLine(), "--folds divides all rows; it takes no --split");
        }
        try (var stop = new StopSignal();
                var progress = new Progress(console, stop::stepsBegin)) {
            var validation = CrossValidation.run(recipe, folds, keepModels, folder, progress, stop::requested);
            progress.finish();
            return report(validation);
        }
    }

    private int report(CrossValidation validation) {
        if (!validation.completed()) {
            console.err().println("Stopped and saved. To go on: attune train --resume " + validation.folder());
            return 1;
        }
        var out = console.out();
        var result = Objects.requireNonNull(validation.result());
        out.println();
        out.println(result.evaluation().report());
        out.println("fold accuracies "
                + String.join(
                        ", ",
                        validation.foldAccuracies().stream()
                                .map(ResultTable::figure)
                                .toList()));
        out.println();
        ResultTable.of(List.of(result)).print(out);
        out.println();
        out.println("The figures are in " + validation.folder() + ". Beside them: attune baseline --folds "
                + validation.foldAccuracies().size() + " with the same data and seed, and attune compare.");
        out.flush();
        return 0;
    }

    private Path foldsFolderFor(Recipe recipe) {
        Path folder = folderFor(recipe);
        return folder.resolveSibling(folder.getFileName() + "-folds");
    }

    /** Trains what the recipe says, prints the test's report, and gives the exit code. */
    static int train(Console console, Recipe recipe, Path folder) {
        try (var stop = new StopSignal();
                var progress = new Progress(console, stop::stepsBegin)) {
            var run = Run.train(recipe, folder, progress, stop::requested);
            progress.finish();
            return report(console, run);
        }
    }

    private static int report(Console console, Run run) {
        var out = console.out();
        if (!run.completed()) {
            console.err().println("Stopped and saved. To go on: attune train --resume " + run.folder());
            return 1;
        }
        out.println();
        var evaluation = run.evaluation();
        if (evaluation != null) {
            out.println(evaluation.report());
            BaselineOfRun.print(console, run);
        }
        out.println("The run is in " + run.folder());
        ReportOfRun.write(console, run.folder());
        out.flush();
        return 0;
    }

    private Path folderFor(Recipe recipe) {
        Path named = recipeFile != null ? recipeFile : Path.of(recipe.data().data());
        Path file = named.getFileName();
        if (file == null) {
            throw new InputException("No name for the run folder can be told from " + named + "; give --out.");
        }
        String name = file.toString();
        int dot = name.indexOf('.', 1);
        return Path.of("runs", dot < 0 || Files.isDirectory(named) ? name : name.substring(0, dot));
    }
}
