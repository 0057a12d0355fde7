package dev.attune.explore.report;

import dev.attune.evaluation.Predictions;
import dev.attune.explore.cluster.Silhouette;
import dev.attune.explore.matrix.Rows;
import dev.attune.explore.projection.Pca;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The tested texts as several models see them, such as before and after tuning. */
final class TunedProjection {
    private static final int MEASURED = 2000;
    private static final int FEWEST = 20;

    private TunedProjection() {}

    /** @param embedded each of the first rows, as many as it holds vectors */
    static Section of(List<RunReport.Embedded> embedded, List<Predictions.Row> tested, List<Finding> findings) {
        var blocks = new ArrayList<Block>();
        var told = new ArrayList<String>();
        for (int i = 0; i < embedded.size(); i++) {
            double[][] vectors = Rows.of(embedded.get(i).vectors());
            var rows = tested.subList(0, vectors.length);
            var labels = rows.stream().map(Predictions.Row::label).toList();
            if (vectors.length < FEWEST || labels.stream().distinct().count() < 2) {
                continue;
            }
            double silhouette = Silhouette.ofSample(vectors, Points.ids(labels), MEASURED, 42);
            told.add(embedded.get(i).name() + " " + Text.metric(silhouette));
            blocks.add(scatter("embedding-" + (i + 1), embedded.get(i).name(), vectors, rows, silhouette));
        }
        String how = "How far the labels stand apart (silhouette, 1 at best): " + String.join(", ", told) + ".";
        if (told.size() > 1) {
            findings.add(new Finding(Finding.Level.NOTE, how, "embeddings"));
        }
        return new Section(
                "embeddings",
                "Embeddings",
                told.isEmpty()
                        ? "There are too few texts, or all of one label."
                        : "The tested texts as the model sees them. " + how,
                blocks);
    }

    private static Scatter scatter(
            String id, String name, double[][] vectors, List<Predictions.Row> rows, double silhouette) {
        var pca = Pca.fit(vectors, 2);
        double[][] scores = pca.transform(vectors);
        double[] shares = pca.explainedVarianceRatio();
        return new Scatter(
                id,
                name,
                "First two principal components. Silhouette of the labels " + Text.metric(silhouette) + ".",
                "component 1 (" + Text.share(shares[0]) + ")",
                "component 2 (" + Text.share(shares[1]) + ")",
                Arrays.stream(scores).map(s -> s[0]).toList(),
                Arrays.stream(scores).map(s -> s[1]).toList(),
                IntStream.rangeClosed(1, rows.size()).boxed().toList(),
                rows.stream().map(Predictions.Row::text).toList(),
                List.of(
                        Scatter.Colouring.byName(
                                "label",
                                rows.stream().map(Predictions.Row::label).toList()),
                        Scatter.Colouring.byName(
                                "prediction",
                                rows.stream().map(Predictions.Row::predicted).toList()),
                        Scatter.Colouring.of(
                                "outcome",
                                rows.stream()
                                        .map(row -> row.label().equals(row.predicted()) ? "right" : "wrong")
                                        .toList())),
                List.of(),
                false);
    }
}
