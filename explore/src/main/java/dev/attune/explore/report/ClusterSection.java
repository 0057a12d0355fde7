package dev.attune.explore.report;

import dev.attune.explore.cluster.Agreement;
import dev.attune.explore.cluster.ClusterCount;
import dev.attune.explore.cluster.KMeans;
import dev.attune.explore.matrix.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The groups that k-means finds, and how many there are. */
final class ClusterSection {
    private final Points points;
    private final double[][] reduced;
    private final ClusterCount counts;
    private final KMeans clusters;

    /** @param reduced the points as they were clustered */
    ClusterSection(Points points, double[][] reduced, ClusterCount counts, KMeans clusters) {
        this.points = points;
        this.reduced = reduced;
        this.counts = counts;
        this.clusters = clusters;
    }

    Section section(List<Finding> findings) {
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
        blocks.add(table());
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

    private DataTable table() {
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
}
