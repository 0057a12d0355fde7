package dev.attune.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TensorsTest {
    private final PointerScope scope = new PointerScope();

    @AfterEach
    void freeTensors() {
        scope.close();
    }

    @Test
    void idsBecomeInt64OfTheirShape() {
        var tensor = Tensors.of(new int[][] {{1, 2, 3}, {-4, Integer.MAX_VALUE, 6}});
        assertThat(Dtype.of(tensor)).isEqualTo(Dtype.I64);
        assertThat(tensor.shape()).containsExactly(2, 3);
        assertThat(Tensors.toInts(tensor)).containsExactly(1, 2, 3, -4, Integer.MAX_VALUE, 6);
        assertThat(tensor.get(1).get(0).item_long()).isEqualTo(-4);
    }

    @Test
    void floatsComeBackAsTheyWere() {
        float[] values = {0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, Float.NEGATIVE_INFINITY};
        assertThat(Tensors.toFloats(Tensors.of(values, 3, 2))).containsExactly(values);
        float[][] rows = {{1, 2}, {3, 4}, {5, 6}};
        assertThat(Tensors.toFloatRows(Tensors.of(rows))).isDeepEqualTo(rows);
    }

    @Test
    void longsAndBooleansComeBackAsTheyWere() {
        long[] values = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE};
        assertThat(Tensors.toLongs(Tensors.of(values, 2, 2))).containsExactly(values);
        var mask = Tensors.of(new boolean[] {true, false, true}, 3, 1);
        assertThat(Dtype.of(mask)).isEqualTo(Dtype.BOOL);
        assertThat(Tensors.toInts(mask)).containsExactly(1, 0, 1);
    }

    @Test
    void readsViewsInTheirOwnOrderAndHalvesAsFloats() {
        var matrix = Tensors.of(new float[][] {{1, 2, 3}, {4, 5, 6}});
        assertThat(Tensors.toFloats(matrix.t())).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(Tensors.toFloats(matrix.to(ScalarType.BFloat16))).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(Tensors.toFloats(matrix.set_requires_grad(true).t())).containsExactly(1, 4, 2, 5, 3, 6);
    }

    @Test
    void emptyArraysMakeEmptyTensors() {
        assertThat(Tensors.of(new int[0][]).shape()).containsExactly(0, 0);
        assertThat(Tensors.of(new float[0]).shape()).containsExactly(0);
        assertThat(Tensors.toFloats(Tensors.of(new float[0], 0, 5))).isEmpty();
    }

    @Test
    void oneValueWithoutShapeHasOneDimension() {
        assertThat(Tensors.of(new long[] {7}).shape()).containsExactly(1);
    }

    @Test
    void refusesValuesThatDoNotFillTheShape() {
        assertThatThrownBy(() -> Tensors.of(new long[5], 2, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tensors.of(new int[][] {{1, 2}, {3}})).hasMessageContaining("row 1 has 1 values");
        assertThatThrownBy(() -> Tensors.toFloatRows(Tensors.of(new float[4], 2, 2, 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tensors.toInts(Tensors.of(new long[] {1L << 40})))
                .isInstanceOf(ArithmeticException.class);
    }
}
