package dev.attune.cli;

import dev.attune.data.Dataset;
import dev.attune.data.Split;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Sources;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune data split}: the parts that training with the same options would use, as files. */
@Command(
        name = "split",
        abbreviateSynopsis = true,
        sortOptions = false,
        description = "Write train.csv, validation.csv and test.csv as training with the same options would use them.",
        footer = {
            "",
            "Examples:",
            "  attune data split sms-spam --balance 1 --split 0.7,0.1,0.2 --split-seed 123 --out data/spam",
            "  attune data split mails.csv --deduplicate --out data/mails"
        })
final class DataSplit implements Callable<Integer>, LateOptions {
    private final Console console;

    @Parameters(paramLabel = "DATA", description = "A file, or the name of a known data set (attune data list).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String data;

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "Where the files are written.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    DataSplit(Console console) {
        this.console = console;
    }

    @Override
    public void addOptions(CommandSpec command) {
        RecipeFlags.addTo(
                command,
                option -> (option.section().equals("data") && !option.name().equals("data"))
                        || option.name().equals("seed"));
    }

    @Override
    public Integer call() {
        var recipe = RecipeFlags.overlay(Recipe.defaults().with(Map.of("data", data)), spec);
        try (var progress = new Progress(console)) {
            var split = Sources.split(recipe, progress);
            split.write(out);
            if (json) {
                printJson(split);
            } else {
                print(split);
            }
        }
        return 0;
    }

    static Map<String, Dataset> parts(Split split) {
        var parts = new LinkedHashMap<String, Dataset>();
        parts.put("train", split.train());
        parts.put("validation", split.validation());
        parts.put("test", split.test());
        return parts;
    }

    private void print(Split split) {
        var table = new Table().row("file", "rows", "labels");
        parts(split)
                .forEach((part, dataset) ->
                        table.row(out.resolve(part + ".csv"), dataset.size(), Terminal.counts(dataset.counts())));
        table.print(console.out());
        console.out().println(split.leaks().summary());
    }

    private void printJson(Split split) {
        var object = new LinkedHashMap<String, Object>();
        parts(split).forEach((part, dataset) -> {
            var description = new LinkedHashMap<String, Object>();
            description.put("file", out.resolve(part + ".csv").toString());
            description.put("rows", dataset.size());
            description.put("labels", dataset.counts());
            object.put(part, description);
        });
        var leaks = split.leaks();
        object.put(
                "leaks",
                Map.of(
                        "exact", leaks.exact().size(),
                        "nearly", leaks.nearly().size(),
                        "validation_rows", leaks.validationRows(),
                        "test_rows", leaks.testRows()));
        Json.println(console.out(), object);
    }
}
