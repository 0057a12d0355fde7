package dev.attune.explore.report;

import dev.attune.explore.cluster.Agreement;
import dev.attune.explore.cluster.ClusterCount;
import dev.attune.explore.cluster.KMeans;
import dev.attune.explore.cluster.KMeansOptions;
import dev.attune.explore.matrix.Rows;
import dev.attune.explore.outlier.Outliers;
import dev.attune.explore.projection.Pca;
import dev.attune.explore.projection.Point;
import dev.attune.explore.projection.Tsne;
import dev.attune.explore.projection.TsneOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How rows lie to each other: projections, clusters, outliers. */
final class Landscape {
    private static final int COMPONENTS = 50;
    private static final int SHOWN_COMPONENTS = 12;
    private static final int COUNTED = 2000;
    private static final int MOST_CLUSTERS = 10;
    private static final int ARROWS = 8;
    private static final int LISTED = 200;

    private final Points all;
    private final Points points;
    private final ReportOptions options;
    private final Pca pca;
    private final double[][] scores;
    private final Outliers outliers;
    private final double[][] reduced;
    private final ClusterCount counts;
    private final KMeans clusters;
    private final List<Finding> findings = new ArrayList<>();

    /** @param all twenty rows or more */
    Landscape(Points all, ReportOptions options) {
        this.all = all;
        this.options = options;
        points = all.drawn(options.maxPoints(), options.seed());
        double[][] every = all.matrix();
        double[][] drawn = points.matrix();
        int width = every[0].length;
        pca = Pca.fit(drawn, Math.min(COMPONENTS, Math.min(width, drawn.length)));
        scores = pca.transform(drawn);
        boolean wide = width > COMPONENTS;
        reduced = wide ? scores : drawn;
        outliers = Outliers.find(wide ? pca.transform(every) : every, options.contamination(), options.seed());
        var fast = KMeansOptions.defaults().withSeed(options.seed()).withRestarts(3);
        double[][] counted = Points.pick(
                        Arrays.asList(reduced), Points.Drawing.of(reduced.length, COUNTED, options.seed()))
                .toArray(double[][]::new);
        counts = ClusterCount.choose(counted, 2, Math.min(MOST_CLUSTERS, counted.length - 1), fast);
        clusters = KMeans.fit(reduced, counts.bySilhouette(), fast);
    }

    List<Finding> findings() {
        return findings;
    }

    List<Section> sections() {
        return List.of(projection(), clusterSection(), outlierSection());
    }

    List<Exploration.Flagged> flagged() {
        return outliers.flagged().stream()
                .map(i -> new Exploration.Flagged(
                        all.rows().get(i), outliers.scores().get(i), all.texts().get(i)))
                .toList();
    }

    private Section projection() {
        var blocks = new ArrayList<Block>();
        double[] shares = pca.explainedVarianceRatio();
        var colourings = colourings();
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
        if (options.tsne() && points.size() >= 100) {
            var tsne = Tsne.fit(
                    reduced,
                    TsneOptions.defaults()
                            .withPerplexity(Math.min(30, points.size() / 4.0))
                            .withStart(TsneOptions.Start.PCA, options.seed()));
            blocks.add(scatter(
                    "tsne",
                    "t-SNE",
                    "Rows that are alike stand together; distances between groups mean little. Perplexity 30, seed "
                            + options.seed() + ".",
                    "",
                    "",
                    tsne.points(),
                    colourings,
                    List.of()));
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

    private List<Scatter.Colouring> colourings() {
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
        var flaggedRows = new java.util.HashSet<>(strange);
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

    private Section clusterSection() {
        var candidates = counts.candidates();
        var ks = candidates.stream().map(c -> (double) c.k()).toList();
        double best = candidates.stream()
                .mapToDouble(ClusterCount.Candidate::silhouette)
                .max()
                .orElse(0);
        var blocks = new ArrayList<Block>();
        blocks.add(new Lines(
                "silhouette",
                "Silhouette",
                "How far clusters stand apart, 1 at best: " + Text.metric(best) + " with " + counts.bySilhouette()
                        + " clusters.",
                "clusters",
                "silhouette",
                List.of(new Lines.Curve(
                        "silhouette",
                        ks,
                        candidates.stream()
                                .map(ClusterCount.Candidate::silhouette)
                                .toList(),
                        false)),
                null,
                null));
        blocks.add(new Lines(
                "elbow",
                "Elbow",
                "What is left of the rows' squared distances from their centres; from " + counts.byElbow()
                        + " clusters on it falls less.",
                "clusters",
                "inertia",
                List.of(new Lines.Curve(
                        "inertia",
                        ks,
                        candidates.stream().map(ClusterCount.Candidate::inertia).toList(),
                        false)),
                null,
                null));
        blocks.add(clusterTable());
        String lead = "k-means with " + clusters.centers().length + " clusters, which stand most apart.";
        List<String> labels = points.labels();
        if (labels != null) {
            var agreement = Agreement.of(Points.ids(labels), clusters.clusters());
            lead += " Against the labels: adjusted Rand index " + Text.metric(agreement.adjustedRand())
                    + ", normalised mutual information " + Text.metric(agreement.normalizedMutualInformation())
                    + " (1: the same grouping, 0: chance).";
            if (agreement.adjustedRand() > 0.3) {
                findings.add(new Finding(
                        Finding.Level.NOTE,
                        "Clusters found without the labels follow them (adjusted Rand index "
                                + Text.metric(agreement.adjustedRand()) + ").",
                        "clusters"));
            }
        }
        return new Section("clusters", "Clusters", lead, blocks);
    }

    private DataTable clusterTable() {
        List<String> labels = points.labels();
        var table = DataTable.of(
                "Clusters",
                "The example is the row nearest to the cluster's centre.",
                "cluster",
                "#rows",
                "#share",
                labels == null ? "" : "most frequent " + points.label(),
                "example");
        int[] of = clusters.clusters();
        for (int c = 0; c < clusters.centers().length; c++) {
            int cluster = c;
            int[] members =
                    IntStream.range(0, of.length).filter(i -> of[i] == cluster).toArray();
            int nearest = Arrays.stream(members)
                    .boxed()
                    .min(Comparator.comparingDouble(i -> Rows.squaredDistance(reduced[i], clusters.centers()[cluster])))
                    .orElseThrow();
            table.row(
                    Integer.toString(c + 1),
                    Text.count(members.length),
                    Text.share((double) members.length / of.length),
                    labels == null ? "" : mostFrequent(Points.pick(labels, members)),
                    Text.clipped(points.texts().get(nearest), 160));
        }
        return table.build();
    }

    private static String mostFrequent(List<String> labels) {
        var colouring = Scatter.Colouring.of("", labels);
        long first = colouring.members().stream().filter(m -> m == 0).count();
        return colouring.groups().get(0) + " (" + Text.share((double) first / labels.size()) + ")";
    }

    private Section outlierSection() {
        double[] scored =
                outliers.scores().stream().mapToDouble(Double::doubleValue).toArray();
        int[] groups = Arrays.stream(scored)
                .mapToInt(s -> s > outliers.threshold() ? 1 : 0)
                .toArray();
        var histogram = Histogram.of(scored, groups, 2, 24);
        List<String> labels = all.labels();
        String enriched = labels == null ? null : enrichment(labels);
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
        String lead = "An isolation forest of 100 trees flags the " + Text.share(options.contamination())
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
    private @Nullable String enrichment(List<String> labels) {
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
