package dev.attune.cli;

import dev.attune.evaluation.TestResult;
import dev.attune.explore.baseline.Baseline;
import dev.attune.explore.baseline.Baselines;
import dev.attune.explore.baseline.Labelled;
import dev.attune.explore.baseline.Trial;
import dev.attune.files.InputException;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Sources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code attune baseline}: what classical models reach on labelled texts. */
@Command(
        name = "baseline",
        abbreviateSynopsis = true,
        sortOptions = false,
        description = {
            "What classical models reach on labelled texts, to hold a tuned one against.",
            "",
            "They are fitted on the train part and tested on the test part that training with the same options would use, or "
                    + "cross-validated with --folds."
        },
        footer = {
            "",
            "Examples:",
            "  attune baseline --data sms-spam",
            "  attune baseline --data mails.csv --label-column team --folds 5 --baseline tfidf-logistic,tfidf-svm",
            "  attune baseline --data sms-spam --out baselines/spam"
        })
final class BaselineCommand implements Callable<Integer>, LateOptions {
    private final Console console;

    @Option(
            names = "--baseline",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Only these (default: all): majority, tfidf-logistic, tfidf-svm, tfidf-bayes, tfidf-bigrams-svm, "
                            + "tfidf-characters-logistic, tfidf-characters-svm.")
    private List<String> names = List.of();

    @Option(
            names = "--folds",
            paramLabel = "N",
            description = "Cross-validate on all rows but those of a test part of its own, in so many folds.")
    private @Nullable Integer folds;

    @Option(names = "--out", paramLabel = "FOLDER", description = "Write a folder for each, for attune compare.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    BaselineCommand(Console console) {
        this.console = console;
    }

    @Override
    public void addOptions(CommandSpec command) {
        RecipeFlags.addTo(
                command,
                option -> option.section().equals("data") || option.name().equals("seed"));
    }

    @Override
    public Integer call() {
        var recipe = RecipeFlags.overlay(Recipe.defaults(), spec);
        if (recipe.data().data().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no data was named: give --data");
        }
        List<Baseline<String>> baselines = names.isEmpty()
                ? Baselines.texts()
                : names.stream().map(Baselines::text).toList();
        List<Trial> trials;
        try (var progress = new Progress(console)) {
            trials = folds == null
                    ? tested(baselines, recipe, progress)
                    : crossValidated(baselines, recipe, folds, progress);
        }
        if (out != null) {
            for (Trial trial : trials) {
                trial.result().write(out.resolve(trial.result().name()));
            }
        }
        print(recipe, trials);
        return 0;
    }

    private static List<Trial> tested(List<Baseline<String>> baselines, Recipe recipe, Progress progress) {
        var split = Sources.split(recipe, progress);
        if (split.test().size() == 0) {
            throw new InputException("There is no test part; give --test-data, a share in --split, or --folds.");
        }
        var train = Labelled.texts(split.train().requireTrainable());
        var test = Labelled.texts(split.test());
        var trials = new ArrayList<Trial>();
        for (var baseline : baselines) {
            progress.preparing(baseline.name(), trials.size(), baselines.size());
            trials.add(Trial.of(baseline, train, test, recipe.training().seed()));
        }
        return trials;
    }

    private List<Trial> crossValidated(List<Baseline<String>> baselines, Recipe recipe, int folds, Progress progress) {
        if (RecipeFlags.given(spec).containsKey("split")) {
            throw new ParameterException(spec.commandLine(), "--folds divides all rows; it takes no --split");
        }
        var all = Sources.split(recipe.with(Map.of("split", "1,0,0")), progress)
                .train()
                .requireTrainable();
        var data = Labelled.texts(all);
        var trials = new ArrayList<Trial>();
        for (var baseline : baselines) {
            progress.preparing(baseline.name(), trials.size(), baselines.size());
            trials.add(Trial.crossValidated(
                    baseline, data, folds, recipe.training().seed()));
        }
        return trials;
    }

    private void print(Recipe recipe, List<Trial> trials) {
        List<TestResult> results = trials.stream().map(Trial::result).toList();
        if (json) {
            var objects = new ArrayList<Map<String, Object>>();
            for (Trial trial : trials) {
                Map<String, Object> object = ResultTable.json(trial.result());
                object.put("fold_accuracies", trial.foldAccuracies());
                objects.add(object);
            }
            var root = new LinkedHashMap<String, Object>();
            root.put("data", recipe.data().data());
            root.put("folds", folds);
            root.put("baselines", objects);
            Json.println(console.out(), root);
        } else {
            ResultTable.of(results).print(console.out());
        }
    }
}
