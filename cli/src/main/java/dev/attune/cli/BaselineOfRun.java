package dev.attune.cli;

import dev.attune.evaluation.PairedTest;
import dev.attune.evaluation.TestResult;
import dev.attune.explore.baseline.Baselines;
import dev.attune.explore.baseline.Labelled;
import dev.attune.explore.baseline.Trial;
import dev.attune.files.InputException;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Run;
import dev.attune.recipe.Sources;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/** TF-IDF and logistic regression on a run's own data: whether the transformer was worth it. */
final class BaselineOfRun {
    private static final String FOLDER = "baseline";

    private BaselineOfRun() {}

    /** Fits and tests it, writes it into the run's folder, and prints it beside the run's figures. */
    static void print(Console console, Run run) {
        var recipe = Recipe.read(run.folder().resolve("recipe.yaml"));
        try (var progress = new Progress(console)) {
            var split = Sources.split(recipe, progress);
            var baseline = Trial.of(
                            Baselines.TFIDF_LOGISTIC,
                            Labelled.texts(split.train()),
                            Labelled.texts(split.test()),
                            recipe.training().seed())
                    .result();
            Path folder = run.folder().resolve(FOLDER);
            baseline.write(folder);
            var own = TestResult.read(run.folder());
            var test = PairedTest.of(
                    own.predictions(), baseline.predictions(), recipe.training().seed());
            print(console.out(), baseline, test);
        } catch (InputException e) { // such as texts without words: the run is done all the same
            console.err().println("No baseline could be fitted: " + e.getMessage());
        }
    }

    private static void print(PrintWriter out, TestResult baseline, PairedTest test) {
        var evaluation = baseline.evaluation();
        out.printf(
                Locale.ROOT,
                "TF-IDF and logistic regression on the same texts, in %.1f s: accuracy %s %s, f1_macro %s.%n",
                baseline.cost().trainSeconds(),
                ResultTable.figure(evaluation.accuracy()),
                ResultTable.interval(evaluation.intervals().get("accuracy")),
                ResultTable.figure(evaluation.macro().f1()));
        out.printf(
                Locale.ROOT,
                "This run differs from it by %s in accuracy %s, McNemar's p %s.%n%n",
                ResultTable.difference(test.accuracyDifference()),
                ResultTable.interval(test.accuracyInterval()),
                ResultTable.p(test.mcnemar()));
    }
}
