import dev.attune.explore.cluster.Blobs;
import dev.attune.explore.cluster.KMeans;
import dev.attune.explore.cluster.KMeansOptions;
import dev.attune.explore.outlier.IsolationForest;
import dev.attune.explore.projection.Pca;
import dev.attune.explore.projection.Point;
import dev.attune.explore.projection.Trustworthiness;
import dev.attune.explore.projection.Tsne;
import dev.attune.explore.projection.TsneOptions;
import dev.attune.explore.projection.Umap;
import java.util.List;
import java.util.function.Supplier;

/**
 * Prints how long projections, clusters and outliers take, cold, on made-up rows; scripts/explore-speed.sh runs it.
 */
public final class ExploreSpeed {
    public static void main(String[] args) {
        double[][] rows = Blobs.make(10_000, 50, 20, 6, 1).rows();
        double[][] wide = Blobs.make(10_000, 384, 20, 6, 1).rows();
        double[][] many = Blobs.make(100_000, 30, 5, 1, 1).rows();
        timed("PCA, 10,000 rows x 384 columns to 50", () -> Pca.fit(wide, 50));
        var tsne = timed("t-SNE, 10,000 x 50, 1,000 iterations", () -> Tsne.fit(rows, TsneOptions.defaults()));
        trust(rows, tsne.points());
        var umap = timed("UMAP, 10,000 x 50, 15 neighbours", () -> Umap.fit(rows, 15, 0.1, 1));
        trust(rows, umap);
        timed("k-means, 10,000 x 384, k = 20, 10 restarts", () -> KMeans.fit(wide, 20, KMeansOptions.defaults()));
        timed("isolation forest, 100,000 x 30, scored", () -> IsolationForest.fit(many, 1).scores(many));
    }

    private static void trust(double[][] rows, List<Point> points) {
        System.out.printf("  trustworthiness %.3f%n", Trustworthiness.of(rows, points, 5));
    }

    private static <T> T timed(String what, Supplier<T> work) {
        long started = System.nanoTime();
        T result = work.get();
        System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - started) / 1e9);
        return result;
    }
}
