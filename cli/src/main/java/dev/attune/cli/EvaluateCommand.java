package dev.attune.cli;

import dev.attune.data.Dataset;
import dev.attune.files.InputException;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Run;
import dev.attune.recipe.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune evaluate}: a classifier's figures on labelled texts. */
@Command(
        name = "evaluate",
        abbreviateSynopsis = true,
        sortOptions = false,
        description = {
            "Test a classifier on labelled texts.",
            "",
            "Without --data it is tested on its run's own test part; of a known data set, on its test part where it has one."
        },
        footer = {"", "Examples:", "  attune evaluate runs/spam", "  attune evaluate runs/spam --data test.csv --json"})
final class EvaluateCommand implements Callable<Integer>, LateOptions {
    private final Console console;

    @Mixin
    private final LoadedModel model = new LoadedModel();

    @Option(names = "--json", description = "Print one JSON object, with scikit-learn's names.")
    private boolean json;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the intervals' resampling (default: 42).")
    private long seed = 42;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    EvaluateCommand(Console console) {
        this.console = console;
    }

    @Override
    public void addOptions(CommandSpec command) {
        RecipeFlags.addTo(
                command, option -> DataDescribe.reads(option) || option.name().equals("data"));
    }

    @Override
    public Integer call() {
        try (var progress = new Progress(console)) {
            var dataset = dataset(progress);
            try (var classifier = model.load(progress)) {
                var evaluation = Run.evaluate(classifier, dataset, seed);
                console.out().println(json ? evaluation.toJson() : evaluation.report());
            }
        }
        return 0;
    }

    private Dataset dataset(Progress progress) {
        var given = RecipeFlags.given(spec);
        if (given.containsKey("data")) {
            var parts =
                    Sources.parts(RecipeFlags.overlay(Recipe.defaults(), spec).data(), progress);
            return parts.getOrDefault("test", parts.values().iterator().next());
        }
        Path recipe = model.runRecipe();
        if (!Files.exists(recipe)) {
            throw new InputException(recipe + " is not there, so there is no test part to take; give --data.");
        }
        return Sources.split(RecipeFlags.overlay(Recipe.read(recipe), spec), progress)
                .test();
    }
}
