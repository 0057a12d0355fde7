package dev.attune.explore.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.explore.table.Scaler.Method;
import dev.attune.files.InputException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScalerTest {
    private static final double[][] ROWS = {{1, 7, 0.1}, {2, 7, 0.1}, {4, 7, 0.1}, {Double.NaN, 7, 0.1}, {9, 7, 0.1}};

    @Test
    void standardGivesMeanZeroAndDeviationOne() {
        double[] column = column(Scaler.fit(Method.STANDARD, ROWS).transform(ROWS), 0);
        assertThat(Arrays.stream(column).sum()).isCloseTo(0, within(1e-12));
        assertThat(Arrays.stream(column).map(x -> x * x).average().orElseThrow())
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void minMaxGivesZeroToOne() {
        assertThat(column(Scaler.fit(Method.MIN_MAX, ROWS).transform(ROWS), 0)).containsExactly(0, 0.125, 0.375, 1);
    }

    @Test
    void robustPutsTheMedianAtZeroAndTheQuartilesOneApart() {
        var scaler = Scaler.fit(Method.ROBUST, ROWS);
        assertThat(scaler.columns().get(0).center()).isEqualTo(3);
        assertThat(scaler.columns().get(0).scale()).isEqualTo(5.25 - 1.75);
    }

    @ParameterizedTest
    @EnumSource
    void columnsThatDoNotVaryAreOnlyCenteredAndMissingValuesStay(Method method) {
        double[][] scaled = Scaler.fit(method, ROWS).transform(ROWS);
        assertThat(scaled[0][1]).isZero();
        assertThat(scaled[0][2]).isCloseTo(0, within(1e-15));
        assertThat(scaled[3][0]).isNaN();
    }

    @ParameterizedTest
    @EnumSource
    void inverseUndoesTransform(Method method) {
        var scaler = Scaler.fit(method, ROWS);
        double[][] back = scaler.inverse(scaler.transform(ROWS));
        for (int r = 0; r < ROWS.length; r++) {
            assertThat(back[r]).containsExactly(ROWS[r], within(1e-12));
        }
    }

    @Test
    void otherWidthsAndNoRowsAreInputErrors() {
        var scaler = Scaler.fit(Method.STANDARD, ROWS);
        assertThatThrownBy(() -> scaler.transform(new double[][] {{1, 2}}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Row 1 has 2 columns");
        assertThatThrownBy(() -> Scaler.fit(Method.STANDARD, new double[0][])).isInstanceOf(InputException.class);
    }

    private static double[] column(double[][] rows, int column) {
        return Arrays.stream(rows)
                .mapToDouble(row -> row[column])
                .filter(x -> !Double.isNaN(x))
                .toArray();
    }
}
