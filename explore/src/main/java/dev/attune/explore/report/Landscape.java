package dev.attune.explore.report;

import dev.attune.explore.cluster.ClusterCount;
import dev.attune.explore.cluster.KMeans;
import dev.attune.explore.cluster.KMeansOptions;
import dev.attune.explore.outlier.Outliers;
import dev.attune.explore.projection.Pca;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How rows lie to each other: projections, clusters, outliers, each computed once. */
final class Landscape {
    private static final int COMPONENTS = 50;
    private static final int COUNTED = 2000;
    private static final int MOST_CLUSTERS = 10;

    private final Points all;
    private final Points points;
    private final ReportOptions options;
    private final Pca pca;
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
        boolean wide = width > COMPONENTS;
        reduced = wide ? pca.transform(drawn) : drawn;
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
        return List.of(
                new ProjectionSection(all, points, options, pca, reduced).section(clusters, outliers),
                new ClusterSection(points, reduced, counts, clusters).section(findings),
                new OutlierSection(all, outliers).section(options.contamination(), findings));
    }

    List<Exploration.Flagged> flagged() {
        return outliers.flagged().stream()
                .map(i -> new Exploration.Flagged(
                        all.rows().get(i), outliers.scores().get(i), all.texts().get(i)))
                .toList();
    }
}
