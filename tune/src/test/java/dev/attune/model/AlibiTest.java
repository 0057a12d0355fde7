package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.torch.Tensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlibiTest {
    private final PointerScope scope = new PointerScope();

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @Test
    void givesThePapersSlopes() {
        assertThat(Alibi.slopes(8))
                .containsExactly(1 / 2f, 1 / 4f, 1 / 8f, 1 / 16f, 1 / 32f, 1 / 64f, 1 / 128f, 1 / 256f);
        assertThat(Alibi.slopes(1)).containsExactly(1 / 256f);
        // The paper's 16 heads start at 1/sqrt(2).
        assertThat(Alibi.slopes(16)[0]).isCloseTo((float) Math.sqrt(0.5), within(1e-7f));
    }

    @Test
    void takesEveryOtherSlopeOfTheNextPowerOfTwoForTheHeadsThatAreLeft() {
        assertThat(Alibi.slopes(6)).containsExactly(1 / 4f, 1 / 16f, 1 / 64f, 1 / 256f, 1 / 2f, 1 / 8f);
    }

    /** To the last bit: a slope times a place, whichever members, heads and places there are. */
    @Test
    void isTheProductOfSlopeAndPlace() {
        int[][] keys = {{0, 1, 2, 3, 4, 5, 6}, {0, 1, 2, -1, -1, 3, 1021}};

        Tensor bias = new Alibi(6).of(new int[][] {{5}, {6}}, keys);

        float[] expected = new float[2 * 6 * 7];
        int at = 0;
        for (int[] member : keys) {
            for (float slope : Alibi.slopes(6)) {
                for (int place : member) {
                    expected[at++] = slope * place;
                }
            }
        }
        assertThat(bias.shape()).containsExactly(2, 6, 1, 7);
        assertThat(Tensors.toFloats(bias)).containsExactly(expected);
    }

    @Test
    void growsWithTheKeysPosition() {
        Tensor bias = new Alibi(2).of(new int[][] {{3}}, new int[][] {{0, 1, 2, 3}});

        assertThat(bias.shape()).containsExactly(1, 2, 1, 4);
        assertThat(Tensors.toFloats(bias))
                .containsExactly(0, 1 / 16f, 2 / 16f, 3 / 16f, 0, 1 / 256f, 2 / 256f, 3 / 256f);
    }
}
