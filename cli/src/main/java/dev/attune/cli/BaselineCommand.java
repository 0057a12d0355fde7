package dev.attune.cli;

import dev.attune.data.TableSource;
import dev.attune.evaluation.TestResult;
import dev.attune.explore.baseline.Baseline;
import dev.attune.explore.baseline.Baselines;
import dev.attune.explore.baseline.Labelled;
import dev.attune.explore.baseline.RegressionTrial;
import dev.attune.explore.baseline.TableFeatures;
import dev.attune.explore.baseline.Trial;
import dev.attune.explore.table.Table;
import dev.attune.files.InputException;
import dev.attune.files.Suggestions;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Sources;
import java.nio.file.Files;
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

/** {@code attune baseline}: what classical models reach on labelled texts or on a table. */
@Command(
        name = "baseline",
        abbreviateSynopsis = true,
        sortOptions = false,
        description = {
            "What classical models reach on labelled texts, or on the columns of a table.",
            "",
            "They are fitted on the train part and tested on the test part that training with the same options would use, or "
                    + "cross-validated with --folds. Of a table a fifth is held out.",
            "A file without a column of texts, or one with --target, is a table."
        },
        footer = {
            "",
            "Examples:",
            "  attune baseline --data sms-spam",
            "  attune baseline --data mails.csv --label-column team --folds 5 --baseline tfidf-logistic,tfidf-svm",
            "  attune baseline --data sms-spam --embed minilm --out baselines/spam",
            "  attune baseline --data people.csv --target income --folds 5"
        })
final class BaselineCommand implements Callable<Integer>, LateOptions {
    private final Console console;

    @Option(
            names = "--baseline",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Only these (default: all): majority, tfidf-logistic, tfidf-svm, tfidf-bayes, tfidf-bigrams-svm, "
                            + "tfidf-characters-logistic, tfidf-characters-svm; with --embed embedding-logistic, "
                            + "5-nearest-neighbours; on tables majority, logistic, gradient-boosting, random-forest, "
                            + "neural-network; for numbers linear, ridge and the last three.")
    private List<String> names = List.of();

    @Option(
            names = "--embed",
            paramLabel = "MODEL",
            arity = "0..1",
            fallbackValue = "minilm",
            description =
                    "Beside TF-IDF, baselines on this model's embeddings: a folder, a run's too (default: minilm).")
    private @Nullable String embed;

    @Option(
            names = "--target",
            paramLabel = "COLUMN",
            description = "Predict this column of a table from the others (default: the label's).")
    private @Nullable String target;

    @Option(names = "--regression", description = "Predict a number, also where the target has few values.")
    private boolean regression;

    @Option(
            names = "--folds",
            paramLabel = "N",
            description = "Cross-validate on all rows but those of a test part of its own, in so many folds.")
    private @Nullable Integer folds;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Write a folder for each: classes for attune compare.")
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
        Path file = Path.of(recipe.data().data());
        if (target != null
                || regression
                || (Files.isRegularFile(file)
                        && TableSource.isWithoutText(file, recipe.data().readOptions()))) {
            onTable(recipe, file);
            return 0;
        }
        List<Trial> trials;
        try (var progress = new Progress(console)) {
            trials = folds == null ? tested(recipe, progress) : crossValidated(recipe, folds, progress);
        }
        write(trials);
        print(recipe, trials);
        return 0;
    }

    private void write(List<Trial> trials) {
        if (out != null) {
            for (Trial trial : trials) {
                trial.result().write(out.resolve(trial.result().name()));
            }
        }
    }

    private void onTable(Recipe recipe, Path file) {
        long seed = recipe.training().seed();
        if (embed != null) {
            throw new ParameterException(spec.commandLine(), "--embed is for texts, not for a table");
        }
        for (String option : List.of("test-data", "validation-data", "split")) {
            if (RecipeFlags.given(spec).containsKey(option)) {
                throw new ParameterException(
                        spec.commandLine(), "a table takes no --" + option + ": a fifth is held out, or --folds");
            }
        }
        List<Trial> trials = List.of();
        List<RegressionTrial> regressions = List.of();
        try (var progress = new Progress(console);
                var table = Table.open(file, recipe.data().readOptions())) {
            String column = target != null ? target : table.label();
            if (column == null) {
                throw new InputException(
                        "Which column of " + file + " is to be predicted cannot be told; name it with " + "--target.");
            }
            var task = TableFeatures.of(table, column, regression || TableFeatures.isAmount(table, column));
            var run = new TableTrials(names, folds, seed, console, progress);
            if (task.labelled() != null) {
                trials = run.classes(task.labelled());
            } else if (task.numbers() != null) {
                regressions = run.numbers(task.features(), task.numbers());
            }
            progress.finish();
            if (!json && !task.features().skipped().isEmpty()) {
                console.err()
                        .println("Left out, neither numbers nor categories: "
                                + String.join(", ", task.features().skipped()));
            }
        }
        if (regressions.isEmpty()) {
            write(trials);
            print(recipe, trials);
        } else {
            if (out != null) {
                for (RegressionTrial trial : regressions) {
                    trial.write(out.resolve(trial.name()));
                }
            }
            printRegressions(recipe, regressions);
        }
    }

    private void printRegressions(Recipe recipe, List<RegressionTrial> trials) {
        if (json) {
            var root = new LinkedHashMap<String, Object>();
            root.put("data", recipe.data().data());
            root.put("folds", folds);
            root.put(
                    "baselines",
                    trials.stream()
                            .map(trial -> {
                                var object = new LinkedHashMap<String, Object>();
                                object.put("name", trial.name());
                                object.put("evaluation", Json.snakeCase(trial.evaluation()));
                                object.put("fit_seconds", trial.fitSeconds());
                                return object;
                            })
                            .toList());
            Json.println(console.out(), root);
        } else {
            ResultTable.ofRegressions(trials).print(console.out());
        }
    }

    /** The baselines that were asked for, on these texts. */
    private List<Baseline<String>> baselines(List<String> texts, Progress progress) {
        var all = new ArrayList<>(Baselines.texts());
        if (embed != null) {
            all.addAll(EmbeddingBaseline.all(texts, embed, progress));
        }
        if (names.isEmpty()) {
            return all;
        }
        var known = all.stream().map(Baseline::name).toList();
        return names.stream()
                .map(name -> {
                    if (!known.contains(name)) {
                        throw new InputException(
                                "There is no baseline '" + name + "'." + Suggestions.nearest(name, known));
                    }
                    return all.get(known.indexOf(name));
                })
                .toList();
    }

    private List<Trial> tested(Recipe recipe, Progress progress) {
        var split = Sources.split(recipe, progress);
        if (split.test().size() == 0) {
            throw new InputException("There is no test part; give --test-data, a share in --split, or --folds.");
        }
        var train = Labelled.texts(split.train().requireTrainable());
        var test = Labelled.texts(split.test());
        var trials = new ArrayList<Trial>();
        var texts = new ArrayList<>(train.rows());
        texts.addAll(test.rows());
        var baselines = baselines(texts, progress);
        for (var baseline : baselines) {
            progress.preparing(baseline.name(), trials.size(), baselines.size());
            trials.add(Trial.of(baseline, train, test, recipe.training().seed()));
        }
        return trials;
    }

    private List<Trial> crossValidated(Recipe recipe, int folds, Progress progress) {
        if (RecipeFlags.given(spec).containsKey("split")) {
            throw new ParameterException(spec.commandLine(), "--folds divides all rows; it takes no --split");
        }
        var all = Sources.split(recipe.with(Map.of("split", "1,0,0")), progress)
                .train()
                .requireTrainable();
        var data = Labelled.texts(all);
        var baselines = baselines(data.rows(), progress);
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
