package dev.attune.explore.cluster;

import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How many clusters the rows fall into, judged in two ways that need not agree.
 *
 * @param candidates by rising k
 * @param bySilhouette the k whose clusters stand most apart
 * @param byElbow the k from which on more clusters lower the inertia least: furthest below the line from the first candidate
 *     to the last (Satopää et al. 2011)
 */
public record ClusterCount(List<Candidate> candidates, int bySilhouette, int byElbow) {
    private static final int MEASURED = 2000;

    /**
     * What so many clusters give.
     *
     * @param silhouette of at most {@value #MEASURED} rows
     */
    public record Candidate(int k, double inertia, double silhouette) {}

    public ClusterCount {
        candidates = List.copyOf(candidates);
    }

    /** Tries each k from {@code least}, which is 2 or more, to {@code most}. */
    public static ClusterCount choose(double[][] rows, int least, int most, KMeansOptions options) {
        if (least < 2 || most < least || most >= rows.length) {
            throw new InputException("Clusters can be tried from 2 to fewer than the " + rows.length + " rows; " + least
                    + " to " + most + " were asked for.");
        }
        var candidates = new ArrayList<Candidate>();
        for (int k = least; k <= most; k++) {
            var fitted = KMeans.fit(rows, k, options);
            candidates.add(new Candidate(
                    k, fitted.inertia(), Silhouette.ofSample(rows, fitted.clusters(), MEASURED, options.seed())));
        }
        return of(candidates);
    }

    static ClusterCount of(List<Candidate> candidates) {
        int bySilhouette = candidates.stream()
                .max(Comparator.comparingDouble(Candidate::silhouette))
                .map(Candidate::k)
                .orElseThrow();
        Candidate first = candidates.get(0);
        Candidate last = candidates.get(candidates.size() - 1);
        int byElbow = candidates.stream()
                .max(Comparator.comparingDouble(candidate -> below(candidate, first, last)))
                .map(Candidate::k)
                .orElseThrow();
        return new ClusterCount(candidates, bySilhouette, byElbow);
    }

    private static double below(Candidate candidate, Candidate first, Candidate last) {
        if (first.k == last.k) {
            return 0;
        }
        double share = (double) (candidate.k - first.k) / (last.k - first.k);
        return first.inertia + share * (last.inertia - first.inertia) - candidate.inertia;
    }
}
