package dev.attune.explore.report;

import dev.attune.explore.cluster.KMeans;
import dev.attune.explore.outlier.Outliers;
import dev.attune.explore.projection.Pca;
import dev.attune.explore.projection.Point;
import dev.attune.explore.projection.Tsne;
import dev.attune.explore.projection.TsneOptions;
import dev.attune.explore.projection.Umap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/** The rows placed on a plane, and what the directions are made of. */
final class ProjectionSection {
    private static final int SHOWN_COMPONENTS = 12;
    private static final int ARROWS = 8;
    private static final int FEWEST = 100;
    private static final double PERPLEXITY = 30;
    private static final int NEIGHBOURS = 15;
    private static final double SMALLEST_DISTANCE = 0.1;

    private final Points all;
    private final Points points;
    private final ReportOptions options;
    private final Pca pca;
    private final double[][] scores;
    private final double[][] reduced;

    /**
     * @param points those of {@code all} that are drawn
     * @param pca of the points
     * @param reduced the points, by at most fifty numbers each
     */
    ProjectionSection(Points all, Points points, ReportOptions options, Pca pca, double[][] reduced) {
        this.all = all;
        this.points = points;
        this.options = options;
        this.pca = pca;
        this.reduced = reduced;
        scores = pca.transform(points.matrix());
    }

    Section section(KMeans clusters, Outliers outliers) {
        var blocks = new ArrayList<Block>();
        double[] shares = pca.explainedVarianceRatio();
        var colourings = colourings(clusters, outliers);
        blocks.add(scatter(
                "pca",
                "Principal components",
                "Each point is a row, placed along the two directions in which rows differ most: "
                        + Text.share(shares[0] + (shares.length > 1 ? shares[1] : 0)) + " of the variance.",
                "component 1 (" + Text.share(shares[0]) + ")",
                shares.length > 1 ? "component 2 (" + Text.share(shares[1]) + ")" : "",
                Arrays.stream(scores)
                        .map(s -> new Point(s[0], s.length > 1 ? s[1] : 0))
                        .toList(),
                colourings,
                arrows()));
        if (points.size() >= FEWEST) {
            if (options.projections().contains(ReportOptions.Projection.TSNE)) {
                blocks.add(tsne(colourings));
            }
            if (options.projections().contains(ReportOptions.Projection.UMAP)) {
                blocks.add(umap(colourings));
            }
        }
        int shown = Math.min(SHOWN_COMPONENTS, shares.length);
        double sum = Arrays.stream(shares, 0, shown).sum();
        blocks.add(new Bars(
                "explained-variance",
                "Explained variance",
                "The first " + shown + " components hold " + Text.share(sum) + " of the variance, the first "
                        + Text.share(shares[0]) + ".",
                "component",
                "% of variance",
                IntStream.rangeClosed(1, shown).mapToObj(Integer::toString).toList(),
                List.of(new Bars.Series(
                        "explained",
                        Arrays.stream(shares, 0, shown)
                                .mapToObj(share -> 100 * share)
                                .toList())),
                false,
                false));
        var columns = points.columns();
        if (columns != null) {
            blocks.add(loadings(columns));
        }
        return new Section(
                "projection",
                "Projection",
                (points.size() < all.size()
                                ? Text.count(points.size()) + " of " + Text.count(all.size())
                                        + " rows, drawn by the seed. "
                                : Text.count(points.size()) + " rows. ")
                        + "Point at one to read it; drag over several, or search, to list them.",
                blocks);
    }

    private Scatter tsne(List<Scatter.Colouring> colourings) {
        double perplexity = Math.min(PERPLEXITY, points.size() / 4.0);
        var start = TsneOptions.defaults().withPerplexity(perplexity).withStart(TsneOptions.Start.PCA, options.seed());
        return scatter(
                "tsne",
                "t-SNE",
                "Rows that are alike stand together; distances between groups mean little. Perplexity "
                        + Text.number(perplexity) + ", seed " + options.seed() + ".",
                "",
                "",
                Tsne.fit(reduced, start).points(),
                colourings,
                List.of());
    }

    private Scatter umap(List<Scatter.Colouring> colourings) {
        return scatter(
                "umap",
                "UMAP",
                "Rows that are alike stand together; distances between groups mean little. " + NEIGHBOURS
                        + " neighbours, smallest distance " + SMALLEST_DISTANCE + ", seed " + options.seed() + ".",
                "",
                "",
                Umap.fit(reduced, NEIGHBOURS, SMALLEST_DISTANCE, options.seed()),
                colourings,
                List.of());
    }

    private Scatter scatter(
            String id,
            String title,
            String summary,
            String xAxis,
            String yAxis,
            List<Point> places,
            List<Scatter.Colouring> colourings,
            List<Scatter.Arrow> arrows) {
        return new Scatter(
                id,
                title,
                summary,
                xAxis,
                yAxis,
                places.stream().map(Point::x).toList(),
                places.stream().map(Point::y).toList(),
                points.rows(),
                points.texts(),
                colourings,
                arrows,
                true);
    }

    private List<Scatter.Colouring> colourings(KMeans clusters, Outliers outliers) {
        var colourings = new ArrayList<Scatter.Colouring>();
        if (points.labels() != null) {
            colourings.add(Scatter.Colouring.byName(points.label(), points.labels()));
        }
        colourings.add(Scatter.Colouring.of(
                "cluster",
                Arrays.stream(clusters.clusters())
                        .mapToObj(c -> "cluster " + (c + 1))
                        .toList()));
        var strange = outliers.flagged().stream().map(i -> all.rows().get(i)).toList();
        var flaggedRows = new HashSet<>(strange);
        colourings.add(Scatter.Colouring.of(
                "outlier",
                points.rows().stream()
                        .map(row -> flaggedRows.contains(row) ? "outlier" : "usual")
                        .toList()));
        return colourings;
    }

    private List<Scatter.Arrow> arrows() {
        var columns = points.columns();
        if (columns == null || pca.components().length < 2) {
            return List.of();
        }
        double[][] loadings = pca.loadings();
        double reach = Arrays.stream(scores)
                .mapToDouble(s -> Math.hypot(s[0], s[1]))
                .sorted()
                .skip(scores.length * 95L / 100)
                .findFirst()
                .orElse(1);
        double longest = Arrays.stream(loadings)
                .mapToDouble(l -> Math.hypot(l[0], l[1]))
                .max()
                .orElse(1);
        return IntStream.range(0, columns.size())
                .boxed()
                .sorted(Comparator.comparingDouble(c -> -Math.hypot(loadings[c][0], loadings[c][1])))
                .limit(ARROWS)
                .map(c -> new Scatter.Arrow(
                        columns.get(c), reach * loadings[c][0] / longest, reach * loadings[c][1] / longest))
                .toList();
    }

    private Bars loadings(List<String> columns) {
        double[][] loadings = pca.loadings();
        var order = IntStream.range(0, columns.size())
                .boxed()
                .sorted(Comparator.comparingDouble(c -> -Math.abs(loadings[c][0])))
                .limit(12)
                .toList();
        var series = new ArrayList<Bars.Series>();
        for (int k = 0; k < Math.min(2, pca.components().length); k++) {
            int component = k;
            series.add(new Bars.Series(
                    "component " + (k + 1),
                    order.stream().map(c -> loadings[c][component]).toList()));
        }
        return new Bars(
                "loadings",
                "Loadings",
                "How far each column goes along with the components; column " + columns.get(order.get(0))
                        + " makes up most of the first.",
                "column",
                "loading",
                order.stream().map(columns::get).toList(),
                series,
                true,
                false);
    }
}
