package dev.attune.evaluation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An evaluation as text: the table of scikit-learn's classification_report, then the other figures. */
final class Report {
    private static final List<String> FIGURES = List.of(
            "accuracy",
            "f1_macro",
            "f1_weighted",
            "mcc",
            "roc_auc",
            "average_precision",
            "log_loss",
            "expected_calibration_error");

    private Report() {}

    static String of(Evaluation evaluation) {
        return table(evaluation) + "\n" + figures(evaluation);
    }

    /** Classes that occur neither in the truth nor among the predictions have no line, as in scikit-learn. */
    static String table(Evaluation evaluation) {
        var names = new ArrayList<String>();
        var rows = new ArrayList<ClassScores>();
        for (int label = 0; label < evaluation.labels().size(); label++) {
            if (occurs(evaluation, label)) {
                names.add(printable(evaluation.labels().get(label)));
                rows.add(evaluation.perClass().get(label));
            }
        }
        int width = Math.max(
                "weighted avg".length(),
                names.stream().mapToInt(Report::width).max().orElse(0));
        var text = new StringBuilder(" ".repeat(width + 1));
        for (String heading : List.of("precision", "recall", "f1-score", "support")) {
            text.append(String.format(Locale.ROOT, " %9s", heading));
        }
        text.append("\n\n");
        for (int i = 0; i < rows.size(); i++) {
            ClassScores row = rows.get(i);
            line(text, width, names.get(i), new Averages(row.precision(), row.recall(), row.f1()), row.support());
        }
        text.append('\n').append(padded("accuracy", width));
        text.append(String.format(
                Locale.ROOT, "  %9s %9s %9s %9d\n", "", "", digits(evaluation.accuracy()), evaluation.n()));
        line(text, width, "macro avg", evaluation.macro(), evaluation.n());
        line(text, width, "weighted avg", evaluation.weighted(), evaluation.n());
        return text.toString();
    }

    private static void line(StringBuilder text, int width, String name, Averages scores, int support) {
        text.append(padded(name, width))
                .append(String.format(
                        Locale.ROOT,
                        "  %9s %9s %9s %9d\n",
                        digits(scores.precision()),
                        digits(scores.recall()),
                        digits(scores.f1()),
                        support));
    }

    private static String figures(Evaluation evaluation) {
        var metrics = evaluation.metrics();
        var text = new StringBuilder();
        int width = FIGURES.stream().mapToInt(String::length).max().orElse(0);
        if (!evaluation.intervals().isEmpty()) {
            text.append(padded("", width)).append(String.format("%10s%20s\n", "", "95 % interval"));
        }
        for (String name : FIGURES) {
            Double value = metrics.get(name);
            text.append(padded(name, width));
            text.append(value == null ? " undefined" : String.format(Locale.ROOT, "%10s", digits(value)));
            Interval interval = evaluation.intervals().get(name);
            if (value != null && interval != null) {
                text.append(
                        String.format(Locale.ROOT, "     [%6s, %6s]", digits(interval.low()), digits(interval.high())));
            }
            text.append('\n');
        }
        if (!metrics.containsKey("roc_auc")) {
            text.append("roc_auc needs rows of each label and of another in the truth; missing: ")
                    .append(String.join(", ", missing(evaluation)))
                    .append('\n');
        }
        return text.toString();
    }

    private static List<String> missing(Evaluation evaluation) {
        var missing = new ArrayList<String>();
        for (int label = 0; label < evaluation.labels().size(); label++) {
            if (evaluation.perClass().get(label).support() == 0) {
                missing.add(printable(evaluation.labels().get(label)));
            }
        }
        return missing.isEmpty() ? List.of("a second label") : missing;
    }

    private static boolean occurs(Evaluation evaluation, int label) {
        return evaluation.perClass().get(label).support() > 0
                || evaluation.confusion().stream().anyMatch(row -> row.get(label) > 0);
    }

    /** Three digits, rounded as Python prints them: of the exact binary value, a half to the even digit. */
    private static String digits(double value) {
        return new BigDecimal(value).setScale(3, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static String padded(String name, int width) {
        return " ".repeat(width - width(name)) + name;
    }

    private static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", " ");
    }

    /** Columns in a terminal: two for East Asian wide characters and emoji, none for combining marks (UAX #11). */
    private static int width(String text) {
        return text.codePoints().map(Report::width).sum();
    }

    private static int width(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(codePoint) ? 2 : 1;
        };
    }

    private static boolean isWide(int c) {
        return (c >= 0x1100 && c <= 0x115F)
                || (c >= 0x2E80 && c <= 0xA4CF)
                || (c >= 0xAC00 && c <= 0xD7A3)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0xFE30 && c <= 0xFE6F)
                || (c >= 0xFF01 && c <= 0xFF60)
                || (c >= 0xFFE0 && c <= 0xFFE6)
                || (c >= 0x1F300 && c <= 0x1FAFF)
                || (c >= 0x20000 && c <= 0x3FFFD);
    }
}
