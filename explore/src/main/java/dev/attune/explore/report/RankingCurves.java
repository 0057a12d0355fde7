package dev.attune.explore.report;

import dev.attune.evaluation.Predictions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** ROC and precision-recall curves of one label, with a point for each distinct probability. */
final class RankingCurves {
    private static final int MOST_POINTS = 250;

    private final List<double[]> roc = new ArrayList<>(); // false positive rate, true positive rate
    private final List<double[]> precisionRecall = new ArrayList<>(); // recall, precision

    /** @param label of which the rows hold some, but not only that */
    RankingCurves(List<Predictions.Row> rows, String label, int place) {
        int[] order = IntStream.range(0, rows.size())
                .boxed()
                .sorted(Comparator.comparingDouble(
                        i -> -rows.get(i).probabilities().get(place)))
                .mapToInt(Integer::intValue)
                .toArray();
        long positives = rows.stream().filter(row -> row.label().equals(label)).count();
        long negatives = rows.size() - positives;
        long hits = 0;
        roc.add(new double[] {0, 0});
        for (int i = 0; i < order.length; i++) {
            hits += rows.get(order[i]).label().equals(label) ? 1 : 0;
            boolean tied = i + 1 < order.length
                    && rows.get(order[i])
                            .probabilities()
                            .get(place)
                            .equals(rows.get(order[i + 1]).probabilities().get(place));
            if (!tied) {
                roc.add(new double[] {(double) (i + 1 - hits) / negatives, (double) hits / positives});
                precisionRecall.add(new double[] {(double) hits / positives, (double) hits / (i + 1)});
            }
        }
        if (!precisionRecall.isEmpty()) {
            precisionRecall.add(0, new double[] {0, precisionRecall.get(0)[1]});
        }
    }

    Lines.Curve roc(String name) {
        return curve(name, roc);
    }

    Lines.Curve precisionRecall(String name) {
        return curve(name, precisionRecall);
    }

    private static Lines.Curve curve(String name, List<double[]> points) {
        var kept = new ArrayList<double[]>();
        // Inside of a straight stretch a point shows nothing.
        for (int i = 0; i < points.size(); i++) {
            boolean inner = i > 0 && i + 1 < points.size();
            if (!inner || !straight(points.get(i - 1), points.get(i), points.get(i + 1))) {
                kept.add(points.get(i));
            }
        }
        double step = Math.max(1, (kept.size() - 1) / (MOST_POINTS - 1.0));
        var shown = new ArrayList<double[]>();
        for (double at = 0; at < kept.size() - 1; at += step) {
            shown.add(kept.get((int) at));
        }
        if (!kept.isEmpty()) {
            shown.add(kept.get(kept.size() - 1));
        }
        return new Lines.Curve(
                name,
                shown.stream().map(point -> point[0]).toList(),
                shown.stream().map(point -> point[1]).toList(),
                false);
    }

    private static boolean straight(double[] a, double[] b, double[] c) {
        return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) < 1e-12;
    }
}
