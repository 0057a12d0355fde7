package dev.attune.explore.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.attune.explore.Golden;
import dev.attune.files.InputException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** t-SNE and UMAP on 500 pictures of digits. */
class PictureTest {
    private static final JsonNode GOLDEN = Golden.of("digits");
    private static final double[][] DIGITS = Golden.rows(GOLDEN.get("rows"));
    private static final int NEIGHBOURS = 5;

    @Test
    void trustworthinessEqualsScikitLearns() {
        var picture = Arrays.stream(Pca.fit(DIGITS, 2).transform(DIGITS))
                .map(scores -> new Point(scores[0], scores[1]))
                .toList();
        assertThat(Trustworthiness.of(DIGITS, picture, NEIGHBOURS))
                .isCloseTo(GOLDEN.get("pca_trustworthiness").doubleValue(), within(1e-4));
    }

    @Test
    void tsneIsAsTrustworthyAsScikitLearns() {
        var tsne = Tsne.fit(DIGITS, TsneOptions.defaults());
        assertThat(Trustworthiness.of(DIGITS, tsne.points(), NEIGHBOURS))
                .isCloseTo(GOLDEN.get("tsne_trustworthiness").doubleValue(), within(0.02));
        assertThat(tsne.divergence()).isCloseTo(GOLDEN.get("tsne_divergence").doubleValue(), within(0.05));
    }

    @Test
    void tsneGivesTheSamePictureAgain() {
        double[][] few = Arrays.copyOf(DIGITS, 100);
        var options = TsneOptions.defaults().withPerplexity(10).withStart(TsneOptions.Start.RANDOM, 7);
        var first = Tsne.fit(few, options);
        assertThat(Tsne.fit(few, options)).isEqualTo(first);
        assertThat(Tsne.fit(few, options.withStart(TsneOptions.Start.RANDOM, 8)))
                .isNotEqualTo(first);
    }

    @Test
    void tsneStandsEqualRows() {
        double[][] rows = Arrays.copyOf(DIGITS, 60);
        Arrays.fill(rows, 0, 40, DIGITS[0]);
        var tsne = Tsne.fit(rows, TsneOptions.defaults().withPerplexity(5));
        assertThat(tsne.points()).allMatch(point -> Double.isFinite(point.x()) && Double.isFinite(point.y()));
    }

    @Test
    void umapIsAboutAsTrustworthyAsScikitLearnsTsne() {
        assertThat(Trustworthiness.of(DIGITS, Umap.fit(DIGITS, 15, 0.1, 3), NEIGHBOURS))
                .isCloseTo(GOLDEN.get("tsne_trustworthiness").doubleValue(), within(0.02));
    }

    @Test
    void umapGivesTheSamePictureAgain() {
        double[][] few = Arrays.copyOf(DIGITS, 100);
        var first = Umap.fit(few, 15, 0.1, 7);
        assertThat(Umap.fit(few, 15, 0.1, 7)).isEqualTo(first);
        assertThat(Umap.fit(few, 15, 0.1, 8)).isNotEqualTo(first);
    }

    @Test
    void umapStandsEqualRows() {
        double[][] rows = Arrays.copyOf(DIGITS, 60);
        Arrays.fill(rows, 0, 40, DIGITS[0]);
        assertThat(Umap.fit(rows, 15, 0.1, 7))
                .allMatch(point -> Double.isFinite(point.x()) && Double.isFinite(point.y()));
    }

    @Test
    void perplexityNeedsMoreRowsThanItself() {
        assertThatThrownBy(() -> Tsne.fit(Arrays.copyOf(DIGITS, 20), TsneOptions.defaults()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("perplexity of 30")
                .hasMessageContaining("20");
    }
}
