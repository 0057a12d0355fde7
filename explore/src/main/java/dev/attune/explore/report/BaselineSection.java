package dev.attune.explore.report;

import dev.attune.explore.baseline.Baseline;
import dev.attune.explore.baseline.Labelled;
import dev.attune.explore.baseline.Trial;
import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What classical models reach, cross-validated. */
final class BaselineSection {
    private BaselineSection() {}

    /** Empty where they cannot be fitted. */
    static <X> Optional<Section> of(
            List<Baseline<X>> baselines, Labelled<X> data, ReportOptions options, List<Finding> findings) {
        int rarest = rarest(data);
        int folds = Math.min(options.folds(), rarest);
        if (folds < 2) {
            return Optional.empty();
        }
        var trials = new ArrayList<Trial>();
        try {
            for (Baseline<X> baseline : baselines) {
                trials.add(Trial.crossValidated(baseline, data, folds, options.seed()));
            }
        } catch (InputException e) { // such as texts without a word
            return Optional.empty();
        }
        trials.sort(Comparator.comparingDouble(
                trial -> -trial.result().evaluation().macro().f1()));
        var table = DataTable.of(
                "Baselines",
                "Intervals are bootstrapped, 95%.",
                "model",
                "#accuracy",
                "interval",
                "#macro F1",
                "#fit, s");
        for (Trial trial : trials) {
            var evaluation = trial.result().evaluation();
            table.row(
                    trial.result().name(),
                    Text.metric(evaluation.accuracy()),
                    TestSections.interval(evaluation.intervals().get("accuracy")),
                    Text.metric(evaluation.macro().f1()),
                    Text.number(trial.result().cost().trainSeconds()));
        }
        var best = trials.get(0).result();
        findings.add(new Finding(
                Finding.Level.NOTE,
                best.name() + " reaches an accuracy of "
                        + Text.metric(best.evaluation().accuracy()) + " and a macro F1 of "
                        + Text.metric(best.evaluation().macro().f1()) + ": the score to beat.",
                "baselines"));
        var names = trials.stream().map(trial -> trial.result().name()).toList();
        return Optional.of(new Section(
                "baselines",
                "Baselines",
                "Classical models, cross-validated in " + folds + " folds on "
                        + Text.count(data.rows().size(), "row", "rows") + ". What a tuned model has to beat.",
                List.of(
                        new Bars(
                                "baseline-scores",
                                "Macro F1",
                                best.name() + " is best, with "
                                        + Text.metric(best.evaluation().macro().f1()) + ".",
                                "model",
                                "macro F1",
                                names,
                                List.of(new Bars.Series(
                                        "macro F1",
                                        trials.stream()
                                                .map(trial -> trial.result()
                                                        .evaluation()
                                                        .macro()
                                                        .f1())
                                                .toList())),
                                true,
                                false),
                        table.build())));
    }

    private static int rarest(Labelled<?> data) {
        var counts = new int[data.names().size()];
        for (int label : data.labels()) {
            counts[label]++;
        }
        int least = Integer.MAX_VALUE;
        int classes = 0;
        for (int count : counts) {
            if (count > 0) {
                least = Math.min(least, count);
                classes++;
            }
        }
        return classes < 2 ? 0 : least;
    }
}
