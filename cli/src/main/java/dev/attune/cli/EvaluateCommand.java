package dev.attune.cli;

import dev.attune.data.Dataset;
import dev.attune.evaluation.Evaluation;
import dev.attune.files.InputException;
import dev.attune.model.Quantization;
import dev.attune.recipe.AnswerComparison;
import dev.attune.recipe.QuantizationComparison;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Run;
import dev.attune.recipe.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
        footer = {
            "",
            "Examples:",
            "  attune evaluate runs/spam",
            "  attune evaluate runs/spam --data test.csv --json",
            "  attune evaluate runs/complaints --compare-generation",
            "  attune evaluate runs/spam --quantize int8"
        })
final class EvaluateCommand implements Callable<Integer>, LateOptions {
    private static final int SHOWN = 5;
    private static final int WIDTH = 40;

    private final Console console;

    @Mixin
    private final LoadedModel model = new LoadedModel();

    @Option(names = "--json", description = "Print one JSON object, with scikit-learn's names.")
    private boolean json;

    @Option(
            names = "--compare-generation",
            description = "Of a model that answers with words: also let it write its answers, and compare.")
    private boolean compareGeneration;

    @Option(
            names = "--quantize",
            paramLabel = "WAY",
            description = "int8: also with the blocks' weights in 8 bits, and compare (default: none).")
    private Quantization quantization = Quantization.NONE;

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
        boolean quantized = quantization != Quantization.NONE;
        if (quantized && compareGeneration) {
            throw new ParameterException(
                    spec.commandLine(), "--quantize and --compare-generation compare two ways each; take one of them");
        }
        try (var progress = new Progress(console)) {
            var dataset = dataset(progress);
            if (quantized) {
                compare(QuantizationComparison.of(way -> model.load(progress, way), quantization, dataset, seed));
                return 0;
            }
            try (var classifier = model.load(progress, Quantization.NONE)) {
                if (compareGeneration) {
                    compare(AnswerComparison.of(classifier, dataset, seed));
                    return 0;
                }
                var evaluation = Run.evaluate(classifier, dataset, seed);
                console.out().println(json ? evaluation.toJson() : evaluation.report());
            }
        }
        return 0;
    }

    private void compare(AnswerComparison compared) {
        if (json) {
            var object = new LinkedHashMap<String, Object>();
            object.put("scored", Json.tree(compared.scored().toJson()));
            object.put("generated", Json.tree(compared.generated().toJson()));
            object.put("generated_f1_macro", compared.generatedMacroF1());
            object.put("unmatched", compared.unmatched());
            object.put("agreeing", compared.agreeing());
            Json.println(console.out(), object);
            return;
        }
        var out = console.out();
        out.println(compared.scored().report());
        var table = new Table().row("labels", "accuracy", "95 % interval", "f1_macro", "without a label");
        row(table, "scored", compared.scored(), compared.scored().macro().f1(), 0);
        row(table, "generated", compared.generated(), compared.generatedMacroF1(), compared.unmatchedCount());
        table.print(out);
        out.println("They agree on " + compared.agreeing() + " of "
                + compared.scored().n() + " rows.");
        if (!compared.unmatched().isEmpty()) {
            out.println("No label begins " + compared.unmatchedCount() + " answers, which count as wrong, such as: "
                    + compared.unmatched().stream()
                            .limit(SHOWN)
                            .map(text -> "'" + Terminal.oneLine(text, WIDTH) + "'")
                            .collect(Collectors.joining(", ")));
        }
    }

    private void compare(QuantizationComparison compared) {
        String name = quantization.name().toLowerCase(Locale.ROOT);
        if (json) {
            var object = new LinkedHashMap<String, Object>();
            object.put("dtype", compared.dtype().torchName());
            object.put("own", Json.tree(compared.own().evaluation().toJson()));
            object.put("own_weight_bytes", compared.own().weightBytes());
            object.put(name, Json.tree(compared.quantized().evaluation().toJson()));
            object.put(name + "_weight_bytes", compared.quantized().weightBytes());
            object.put("differing", compared.differing());
            Json.println(console.out(), object);
            return;
        }
        var out = console.out();
        out.println(compared.quantized().evaluation().report());
        var table = new Table().row("weights", "accuracy", "95 % interval", "f1_macro", "size");
        row(table, compared.dtype().torchName(), compared.own());
        row(table, name, compared.quantized());
        table.print(out);
        out.println("With " + name + " accuracy changes by " + ResultTable.difference(compared.accuracyDifference())
                + ", macro F1 by " + ResultTable.difference(compared.macroF1Difference()) + "; the label differs in "
                + compared.differing() + " of " + compared.own().evaluation().n() + " rows.");
    }

    private static void row(Table table, String weights, QuantizationComparison.Side side) {
        var evaluation = side.evaluation();
        table.row(
                weights,
                ResultTable.figure(evaluation.accuracy()),
                ResultTable.interval(evaluation.intervals().get("accuracy")),
                ResultTable.figure(evaluation.macro().f1()),
                ResultTable.size(side.weightBytes()));
    }

    private static void row(Table table, String way, Evaluation evaluation, double macroF1, int unmatched) {
        table.row(
                way,
                ResultTable.figure(evaluation.accuracy()),
                ResultTable.interval(evaluation.intervals().get("accuracy")),
                ResultTable.figure(macroF1),
                unmatched);
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
