package dev.attune.explore.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.attune.explore.Golden;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KMeansTest {
    private static final JsonNode GOLDEN = Golden.of("digits");
    private static final double[][] DIGITS = Golden.rows(GOLDEN.get("rows"));
    private static final int[] CLUSTERS = Golden.ints(GOLDEN.get("kmeans_labels"));
    private static final KMeansOptions OPTIONS = KMeansOptions.defaults();

    @Test
    void inertiaIsWithinOnePerCentOfScikitLearns() {
        double expected = GOLDEN.get("kmeans_inertia").doubleValue();
        assertThat(KMeans.fit(DIGITS, 10, OPTIONS).inertia()).isCloseTo(expected, within(0.01 * expected));
    }

    @Test
    void findsTheBlobsItWasGiven() {
        var blobs = Blobs.make(300, 3, 4, 0.5, 2);
        var clusters = KMeans.fit(blobs.rows(), 4, OPTIONS);
        assertThat(Agreement.of(blobs.labels(), clusters.clusters()).adjustedRand())
                .isEqualTo(1);
        assertThat(clusters.assign(blobs.rows())).isEqualTo(clusters.clusters());
    }

    @Test
    void aSeedGivesTheSameClustersAgain() {
        var options = OPTIONS.withSeed(9).withRestarts(1);
        assertThat(KMeans.fit(DIGITS, 10, options).clusters())
                .isEqualTo(KMeans.fit(DIGITS, 10, options).clusters());
    }

    @Test
    void noClusterStaysEmptyWhereRowsAreEqual() {
        double[][] rows = {{1, 1}, {1, 1}, {1, 1}, {5, 5}, {5, 5}};
        var clusters = KMeans.fit(rows, 3, OPTIONS);
        assertThat(clusters.inertia()).isZero();
        assertThat(Arrays.stream(clusters.centers()).flatMapToDouble(Arrays::stream))
                .allMatch(Double::isFinite);
    }

    @Test
    void needsAsManyRowsAsClusters() {
        assertThatThrownBy(() -> KMeans.fit(new double[][] {{1}, {2}}, 3, OPTIONS))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at least 3");
    }

    @Test
    void silhouetteAndAgreementEqualScikitLearns() {
        var agreement = Agreement.of(Golden.ints(GOLDEN.get("labels")), CLUSTERS);
        assertThat(Silhouette.of(DIGITS, CLUSTERS))
                .isCloseTo(GOLDEN.get("silhouette").doubleValue(), within(1e-9));
        assertThat(agreement.adjustedRand())
                .isCloseTo(GOLDEN.get("adjusted_rand").doubleValue(), within(1e-12));
        assertThat(agreement.normalizedMutualInformation())
                .isCloseTo(GOLDEN.get("normalized_mutual_information").doubleValue(), within(1e-12));
    }

    @Test
    void silhouetteAndElbowFindTheNumberOfBlobs() {
        var blobs = Blobs.make(400, 4, 5, 0.4, 11);
        var count = ClusterCount.choose(blobs.rows(), 2, 9, OPTIONS);
        assertThat(count.candidates()).hasSize(8);
        assertThat(count.bySilhouette()).isEqualTo(5);
        assertThat(count.byElbow()).isBetween(4, 5);
    }

    @Test
    void theElbowIsFurthestBelowTheLineOfFirstAndLast() {
        var count = ClusterCount.of(List.of(
                new ClusterCount.Candidate(2, 100, 0.3),
                new ClusterCount.Candidate(3, 40, 0.5),
                new ClusterCount.Candidate(4, 30, 0.6),
                new ClusterCount.Candidate(5, 25, 0.4)));
        assertThat(count.byElbow()).isEqualTo(3);
        assertThat(count.bySilhouette()).isEqualTo(4);
    }

    @Test
    void blobsLieAroundTheirCenters() {
        var blobs = Blobs.make(3000, 2, 3, 0.5, 4);
        for (int cluster = 0; cluster < 3; cluster++) {
            double sum = 0;
            int rows = 0;
            for (int r = 0; r < blobs.labels().length; r++) {
                if (blobs.labels()[r] == cluster) {
                    sum += blobs.rows()[r][0];
                    rows++;
                }
            }
            assertThat(rows).isEqualTo(1000);
            assertThat(sum / rows).isCloseTo(blobs.centers()[cluster][0], within(0.08));
        }
    }
}
