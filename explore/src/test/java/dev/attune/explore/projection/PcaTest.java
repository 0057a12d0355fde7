package dev.attune.explore.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.attune.explore.Golden;
import dev.attune.files.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PcaTest {
    private static final double[][] LINE = {{1, 2}, {2, 4}, {3, 6}, {4, 8}};

    @ParameterizedTest
    @ValueSource(strings = {"pca", "wide_pca"})
    void equalsScikitLearnUpToSign(String name) {
        JsonNode golden = Golden.of(name);
        double[][] rows = Golden.rows(golden.get("rows"));
        double[][] components = Golden.rows(golden.get("components"));
        double[][] expected = Golden.rows(golden.get("scores"));

        var pca = Pca.fit(rows, components.length);
        double[][] scores = pca.transform(rows);

        assertThat(pca.explainedVariance())
                .containsExactly(Golden.doubles(golden.get("explained_variance")), within(1e-6));
        assertThat(pca.explainedVarianceRatio())
                .containsExactly(Golden.doubles(golden.get("explained_variance_ratio")), within(1e-6));
        for (int k = 0; k < components.length; k++) {
            double sign = Math.signum(pca.components()[k][0] * components[k][0]);
            for (int c = 0; c < components[k].length; c++) {
                assertThat(sign * pca.components()[k][c]).isCloseTo(components[k][c], within(1e-6));
            }
            for (int r = 0; r < rows.length; r++) {
                assertThat(sign * scores[r][k]).isCloseTo(expected[r][k], within(1e-6));
            }
        }
    }

    @Test
    void theLargestEntryOfAComponentIsPositive() {
        assertThat(Pca.fit(LINE, 1).components()[0])
                .containsExactly(new double[] {1 / Math.sqrt(5), 2 / Math.sqrt(5)}, within(1e-12));
    }

    @Test
    void loadingsRebuildTheCovariance() {
        double[][] rows = Golden.rows(Golden.of("pca").get("rows"));
        double[][] loadings = Pca.fit(rows, rows[0].length).loadings();
        double covariance = 0;
        for (int k = 0; k < loadings[0].length; k++) {
            covariance += loadings[0][k] * loadings[1][k];
        }
        assertThat(covariance).isCloseTo(covariance(rows, 0, 1), within(1e-9));
    }

    private static double covariance(double[][] rows, int a, int b) {
        double meanA = 0;
        double meanB = 0;
        for (double[] row : rows) {
            meanA += row[a] / rows.length;
            meanB += row[b] / rows.length;
        }
        double sum = 0;
        for (double[] row : rows) {
            sum += (row[a] - meanA) * (row[b] - meanB);
        }
        return sum / (rows.length - 1);
    }

    @Test
    void saysWhichValueIsMissing() {
        assertThatThrownBy(() -> Pca.fit(new double[][] {{1, 2}, {3, Double.NaN}}, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Column 2 of row 2");
    }

    @Test
    void refusesMoreComponentsThanThereAre() {
        assertThatThrownBy(() -> Pca.fit(LINE, 3))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 to 2");
    }

    @Test
    void refusesEqualRows() {
        assertThatThrownBy(() -> Pca.fit(new double[][] {{1, 2}, {1, 2}}, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("equal");
    }
}
