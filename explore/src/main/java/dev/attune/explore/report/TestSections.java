package dev.attune.explore.report;

import dev.attune.evaluation.Evaluation;
import dev.attune.evaluation.Interval;
import dev.attune.evaluation.Predictions;
import dev.attune.evaluation.TestResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a test showed: scores, the confusion matrix, curves, calibration, mistakes. */
final class TestSections {
    private static final int A_CELL = 100;
    private static final int BINS = 10;
    private static final int CURVES = 8;
    private static final int MISTAKES = 100;
    private static final double SURE = 0.95;
    private static final double MISCALIBRATED = 0.05;

    private final Evaluation evaluation;
    private final List<Predictions.Row> rows;
    private final List<String> labels;
    private final List<Finding> findings = new ArrayList<>();

    TestSections(TestResult result) {
        evaluation = result.evaluation();
        rows = result.predictions().rows();
        labels = evaluation.labels();
    }

    List<Finding> findings() {
        return findings;
    }

    List<Section> sections() {
        var sections = new ArrayList<Section>();
        sections.add(scores());
        sections.add(confusion());
        sections.add(mistakes());
        sections.add(curves());
        sections.add(calibration());
        return sections;
    }

    private Section scores() {
        var perClass = DataTable.of("Labels", "", "label", "#precision", "#recall", "#F1", "#texts");
        for (int i = 0; i < labels.size(); i++) {
            var scores = evaluation.perClass().get(i);
            perClass.row(
                    labels.get(i),
                    Text.metric(scores.precision()),
                    Text.metric(scores.recall()),
                    Text.metric(scores.f1()),
                    Text.count(scores.support()));
        }
        var figures = DataTable.of("All texts", "Intervals are bootstrapped, 95%.", "metric", "#value", "interval");
        evaluation.metrics().forEach((name, value) -> {
            if (!name.contains("micro")) {
                figures.row(
                        name.replace('_', ' '),
                        Text.metric(value),
                        interval(evaluation.intervals().get(name)));
            }
        });
        return new Section(
                "scores",
                "Scores",
                Text.count(evaluation.n(), "text was", "texts were") + " tested.",
                List.of(perClass.build(), figures.build()));
    }

    static String interval(@Nullable Interval interval) {
        return interval == null ? "" : Text.metric(interval.low()) + " to " + Text.metric(interval.high());
    }

    private Section confusion() {
        Map<String, Integer> ids = new HashMap<>();
        labels.forEach(label -> ids.put(label, ids.size()));
        var counted = new HashMap<Long, Integer>();
        var entries = rows.stream()
                .sorted(Comparator.comparingDouble((Predictions.Row row) -> -confidence(row)))
                .map(row -> new Matrix.Entry(
                        ids.getOrDefault(row.label(), 0),
                        ids.getOrDefault(row.predicted(), 0),
                        row.text(),
                        "called " + row.predicted() + " with " + Text.share(confidence(row))))
                .filter(entry ->
                        counted.merge((long) entry.row() * labels.size() + entry.column(), 1, Integer::sum) <= A_CELL)
                .toList();
        int wrong = (int) rows.stream()
                .filter(row -> !row.label().equals(row.predicted()))
                .count();
        String worst = worstConfusion();
        return new Section(
                "confusion",
                "Confusion matrix",
                "Choose a cell, with the pointer or Enter, to read its texts, the most confident first.",
                List.of(new Matrix(
                        "confusion-matrix",
                        "Truth and prediction",
                        Text.count(wrong, "text is", "texts are") + " off the diagonal, of " + Text.count(rows.size())
                                + (worst == null ? "." : "; most often " + worst + "."),
                        "true",
                        "predicted",
                        labels,
                        labels,
                        evaluation.confusion().stream()
                                .<List<@Nullable Double>>map(row -> row.stream()
                                        .<@Nullable Double>map(n -> (double) n)
                                        .toList())
                                .toList(),
                        Matrix.Scale.COUNTS,
                        "texts",
                        entries)));
    }

    private @Nullable String worstConfusion() {
        int most = 0;
        String worst = null;
        for (int truth = 0; truth < labels.size(); truth++) {
            for (int predicted = 0; predicted < labels.size(); predicted++) {
                int n = evaluation.confusion().get(truth).get(predicted);
                if (truth != predicted && n > most) {
                    most = n;
                    worst = labels.get(truth) + " is taken for " + labels.get(predicted) + " (" + n + " of "
                            + evaluation.perClass().get(truth).support() + ")";
                }
            }
        }
        if (worst != null) {
            findings.add(new Finding(Finding.Level.NOTE, "Most frequent confusion: " + worst + ".", "confusion"));
        }
        return worst;
    }

    private static double confidence(Predictions.Row row) {
        return row.probabilities().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }

    private Section mistakes() {
        var wrong = rows.stream()
                .filter(row -> !row.label().equals(row.predicted()))
                .sorted(Comparator.comparingDouble((Predictions.Row row) -> -confidence(row)))
                .toList();
        long sure = wrong.stream().filter(row -> confidence(row) >= SURE).count();
        if (sure > 0) {
            findings.add(new Finding(
                    Finding.Level.WARNING,
                    Text.count(sure, "mistake was", "mistakes were")
                            + " made with 95% confidence and more: labels that are wrong often stand among them.",
                    "mistakes"));
        }
        var table = DataTable.of("Mistakes", "", "#confidence", "true", "predicted", "text");
        wrong.stream()
                .limit(MISTAKES)
                .forEach(row -> table.row(
                        Text.share(confidence(row)), row.label(), row.predicted(), Text.clipped(row.text(), 600)));
        return new Section(
                "mistakes",
                "Most confident mistakes",
                wrong.isEmpty()
                        ? "There are none."
                        : "Where labels are often wrong, and models often blind. " + Text.count(wrong.size())
                                + " in all" + (wrong.size() > MISTAKES ? ", the first " + MISTAKES + " here." : "."),
                wrong.isEmpty() ? List.of() : List.of(table.build()));
    }

    private Section curves() {
        var roc = new ArrayList<Lines.Curve>();
        var precisionRecall = new ArrayList<Lines.Curve>();
        // With two labels the curves of one say all.
        var places = labels.size() == 2
                ? List.of(1)
                : IntStream.range(0, labels.size())
                        .boxed()
                        .sorted(Comparator.comparingDouble(
                                i -> evaluation.perClass().get(i).f1()))
                        .toList();
        for (int place : places) {
            int support = evaluation.perClass().get(place).support();
            if (support > 0 && support < rows.size() && roc.size() < CURVES) {
                var curves = new RankingCurves(rows, labels.get(place), place);
                roc.add(curves.roc(labels.get(place)));
                precisionRecall.add(curves.precisionRecall(labels.get(place)));
            }
        }
        String whose = labels.size() == 2
                ? "of " + labels.get(1)
                : labels.size() > CURVES
                        ? "each label against the rest, the " + CURVES + " with the lowest F1"
                        : "each label against the rest";
        var rocArea = evaluation.rocAuc();
        var blocks = new ArrayList<Block>();
        if (!roc.isEmpty()) {
            roc.add(Lines.Curve.diagonal("chance"));
            blocks.add(new Lines(
                    "roc",
                    "ROC curve",
                    "Found against false alarms, " + whose + "."
                            + (rocArea == null ? "" : " Area " + Text.metric(rocArea) + "; chance 0.5."),
                    "false positive rate",
                    "true positive rate",
                    roc,
                    Lines.SHARES,
                    Lines.SHARES));
            blocks.add(new Lines(
                    "precision-recall",
                    "Precision and recall",
                    "How precise, by how many are found, " + whose + ". Average precision "
                            + Text.metric(evaluation.averagePrecision()) + ".",
                    "recall",
                    "precision",
                    precisionRecall,
                    Lines.SHARES,
                    Lines.SHARES));
        }
        if (labels.size() == 2) {
            String positive = labels.get(1);
            blocks.add(new Threshold(
                    "threshold",
                    "Threshold",
                    "Move the slider: from which probability on a text is called " + positive + ".",
                    positive,
                    rows.stream().map(row -> row.probabilities().get(1)).toList(),
                    rows.stream().map(row -> row.label().equals(positive)).toList()));
        }
        return new Section("curves", "Curves and threshold", "", blocks);
    }

    private Section calibration() {
        var confidence = new double[BINS];
        var right = new int[BINS];
        var counts = new int[BINS];
        for (Predictions.Row row : rows) {
            int bin = Math.max(0, Math.min(BINS - 1, (int) Math.ceil(confidence(row) * BINS) - 1));
            confidence[bin] += confidence(row);
            right[bin] += row.label().equals(row.predicted()) ? 1 : 0;
            counts[bin]++;
        }
        int[] filled = IntStream.range(0, BINS).filter(bin -> counts[bin] > 0).toArray();
        double error = evaluation.expectedCalibrationError();
        if (error > MISCALIBRATED) {
            findings.add(new Finding(
                    Finding.Level.WARNING,
                    "Probabilities are off by " + Text.metric(error)
                            + " on average (expected calibration error): do not read them as chances.",
                    "calibration"));
        }
        var named = IntStream.range(0, BINS)
                .mapToObj(bin -> 10 * bin + "–" + 10 * (bin + 1) + "%")
                .toList();
        int first = filled.length == 0 ? 0 : filled[0];
        return new Section(
                "calibration",
                "Calibration",
                "Of what is said with 80% confidence, 80% should be right. Expected calibration error "
                        + Text.metric(error) + " (0 at best).",
                List.of(
                        new Lines(
                                "reliability",
                                "Reliability",
                                "Share that was right, by the confidence it was said with.",
                                "mean confidence",
                                "share right",
                                List.of(
                                        new Lines.Curve(
                                                "texts",
                                                IntStream.of(filled)
                                                        .mapToObj(bin -> confidence[bin] / counts[bin])
                                                        .toList(),
                                                IntStream.of(filled)
                                                        .mapToObj(bin -> (double) right[bin] / counts[bin])
                                                        .toList(),
                                                false),
                                        Lines.Curve.diagonal("calibrated")),
                                Lines.SHARES,
                                Lines.SHARES),
                        new Bars(
                                "confidences",
                                "Confidence",
                                Text.share((double) counts[BINS - 1] / rows.size())
                                        + " of the texts were labelled with more than 90% confidence.",
                                "confidence",
                                "texts",
                                named.subList(first, BINS),
                                List.of(
                                        new Bars.Series(
                                                "right",
                                                IntStream.range(first, BINS)
                                                        .mapToObj(bin -> (double) right[bin])
                                                        .toList()),
                                        new Bars.Series(
                                                "wrong",
                                                IntStream.range(first, BINS)
                                                        .mapToObj(bin -> (double) (counts[bin] - right[bin]))
                                                        .toList())),
                                false,
                                true)));
    }
}
