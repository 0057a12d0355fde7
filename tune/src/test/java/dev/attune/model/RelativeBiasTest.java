package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The buckets of distances, against those of transformers' T5Attention._relative_position_bucket. */
class RelativeBiasTest {
    private final PointerScope scope = new PointerScope();

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @Test
    void bucketsBeginWhereThoseOfTransformersDo() {
        assertThat(firsts(RelativeBias.buckets(16, 128)))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91);
        assertThat(firsts(RelativeBias.buckets(32, 128)))
                .containsExactly(
                        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 19, 21, 24, 27, 31, 35, 40, 46, 52,
                        59, 67, 77, 87, 99, 113);
        assertThat(firsts(RelativeBias.buckets(4, 9))).containsExactly(0, 1, 2, 5);
    }

    /** The first distance in each bucket. */
    private static int[] firsts(int... buckets) {
        return IntStream.range(0, buckets.length)
                .filter(d -> d == 0 || buckets[d] != buckets[d - 1])
                .toArray();
    }
}
