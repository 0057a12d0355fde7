package dev.attune.cli;

import dev.attune.evaluation.Interval;
import dev.attune.evaluation.TestResult;
import dev.attune.explore.baseline.RegressionTrial;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Test results as lines of a table, and as JSON. */
final class ResultTable {
    private ResultTable() {}

    static Table of(List<TestResult> results) {
        var table =
                new Table().row("", "accuracy", "95 % interval", "f1_macro", "log_loss", "train s", "rows/s", "size");
        for (TestResult result : results) {
            var evaluation = result.evaluation();
            table.row(
                    result.name(),
                    figure(evaluation.accuracy()),
                    interval(evaluation.intervals().get("accuracy")),
                    figure(evaluation.macro().f1()),
                    figure(evaluation.logLoss()),
                    String.format(Locale.ROOT, "%.2f", result.cost().trainSeconds()),
                    String.format(Locale.ROOT, "%.0f", result.cost().rowsPerSecond()),
                    size(result.cost().bytes()));
        }
        return table;
    }

    static Table ofRegressions(List<RegressionTrial> trials) {
        var table = new Table().row("", "r2", "95 % interval", "rmse", "mae", "fit s");
        for (RegressionTrial trial : trials) {
            var evaluation = trial.evaluation();
            table.row(
                    trial.name(),
                    figure(evaluation.r2()),
                    interval(evaluation.intervals().get("r2")),
                    String.format(Locale.ROOT, "%.4g", evaluation.rootMeanSquaredError()),
                    String.format(Locale.ROOT, "%.4g", evaluation.meanAbsoluteError()),
                    String.format(Locale.ROOT, "%.2f", trial.fitSeconds()));
        }
        return table;
    }

    static String figure(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** With a sign. */
    static String difference(double value) {
        return String.format(Locale.ROOT, "%+.3f", value);
    }

    static String interval(@Nullable Interval interval) {
        return interval == null ? "" : "[" + figure(interval.low()) + ", " + figure(interval.high()) + "]";
    }

    static String p(double p) {
        return p < 0.001 ? "< 0.001" : figure(p);
    }

    static String size(@Nullable Long bytes) {
        if (bytes == null) {
            return "";
        }
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    static Map<String, Object> json(TestResult result) {
        var object = new LinkedHashMap<String, Object>();
        object.put("name", result.name());
        object.put("evaluation", Json.tree(result.evaluation().toJson()));
        object.put("cost", result.cost());
        return object;
    }
}
