package dev.attune.explore.report;

import dev.attune.explore.outlier.Outliers;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rows that are easiest to set apart from the others. */
final class OutlierSection {
    private static final int LISTED = 200;

    private final Points all;
    private final Outliers outliers;

    OutlierSection(Points all, Outliers outliers) {
        this.all = all;
        this.outliers = outliers;
    }

    Section section(double contamination, List<Finding> findings) {
        double[] scored =
                outliers.scores().stream().mapToDouble(Double::doubleValue).toArray();
        int[] groups = Arrays.stream(scored)
                .mapToInt(s -> s > outliers.threshold() ? 1 : 0)
                .toArray();
        var histogram = Histogram.of(scored, groups, 2, 24);
        List<String> labels = all.labels();
        String enriched = labels == null ? null : enrichment(labels, findings);
        var table = DataTable.of(
                "Flagged rows",
                "The strangest first" + (outliers.flagged().size() > LISTED ? ", " + LISTED + " of them" : "") + ".",
                "#row",
                "#score",
                labels == null ? "" : all.label(),
                "content");
        outliers.flagged().stream()
                .limit(LISTED)
                .forEach(i -> table.row(
                        Text.count(all.rows().get(i)),
                        Text.metric(outliers.scores().get(i)),
                        labels == null ? "" : labels.get(i),
                        Text.clipped(all.texts().get(i), 240)));
        String lead = "An isolation forest of 100 trees flags the " + Text.share(contamination)
                + " of the rows that are easiest to set apart: "
                + Text.count(outliers.flagged().size())
                + " with a score above " + Text.metric(outliers.threshold()) + "."
                + (enriched == null ? "" : " " + enriched);
        return new Section(
                "outliers",
                "Outliers",
                lead,
                List.of(
                        new Bars(
                                "outlier-scores",
                                "Scores",
                                "Most rows score about " + Text.metric(median(scored)) + "; the flagged ones above "
                                        + Text.metric(outliers.threshold()) + ".",
                                "score",
                                "rows",
                                histogram.ranges(),
                                List.of(
                                        new Bars.Series(
                                                "usual", histogram.counts().get(0)),
                                        new Bars.Series(
                                                "outlier", histogram.counts().get(1))),
                                false,
                                true),
                        table.build()));
    }

    /** Whether a label is much more frequent among the flagged rows than elsewhere. */
    private @Nullable String enrichment(List<String> labels, List<Finding> findings) {
        var flagged = outliers.flagged().stream().map(labels::get).toList();
        if (flagged.isEmpty()) {
            return null;
        }
        String label = Scatter.Colouring.of("", flagged).groups().get(0);
        double among = share(flagged, label);
        double everywhere = share(labels, label);
        if (among < 1.5 * everywhere) {
            return null;
        }
        String sentence = Text.share(among) + " of the outliers are " + Objects.requireNonNull(all.label()) + " "
                + label + ", against " + Text.share(everywhere) + " of all rows.";
        findings.add(new Finding(Finding.Level.NOTE, sentence, "outliers"));
        return sentence;
    }

    private static double share(List<String> labels, String label) {
        return (double) labels.stream().filter(label::equals).count() / labels.size();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
