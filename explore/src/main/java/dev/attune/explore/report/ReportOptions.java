package dev.attune.explore.report;

import dev.attune.files.InputException;
import java.util.Set;

/**
 * How much a report computes.
 *
 * @param maxPoints rows that are projected and drawn, at most; more are drawn by the seed
 * @param projections the pictures of rows; the principal components stand in every report
 * @param contamination the share of rows to flag as outliers
 * @param folds of the baselines' cross-validation, 0: no baselines
 */
public record ReportOptions(int maxPoints, Set<Projection> projections, double contamination, int folds, long seed) {
    private static final ReportOptions DEFAULTS = new ReportOptions(3000, Set.of(Projection.TSNE), 0.01, 5, 42);

    /** Ways to place rows on a plane. */
    public enum Projection {
        PCA,
        TSNE,
        UMAP
    }

    public ReportOptions {
        projections = Set.copyOf(projections);
        if (maxPoints < 10) {
            throw new InputException("max-points is " + maxPoints + "; a picture takes 10 points or more.");
        }
        if (!(contamination > 0 && contamination <= 0.5)) {
            throw new InputException(
                    "contamination is " + contamination + "; it is the share of outliers, above 0 and at most 0.5.");
        }
        if (folds < 0 || folds == 1) {
            throw new InputException("folds is " + folds + "; it takes 2 or more, or 0 for no baselines.");
        }
    }

    public static ReportOptions defaults() {
        return DEFAULTS;
    }

    public ReportOptions withMaxPoints(int points) {
        return new ReportOptions(points, projections, contamination, folds, seed);
    }

    public ReportOptions withProjections(Projection... others) {
        return new ReportOptions(maxPoints, Set.of(others), contamination, folds, seed);
    }

    public ReportOptions withContamination(double share) {
        return new ReportOptions(maxPoints, projections, share, folds, seed);
    }

    public ReportOptions withFolds(int other) {
        return new ReportOptions(maxPoints, projections, contamination, other, seed);
    }

    public ReportOptions withSeed(long other) {
        return new ReportOptions(maxPoints, projections, contamination, folds, other);
    }
}
