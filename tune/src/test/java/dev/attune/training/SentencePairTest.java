package dev.attune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.InputException;
import dev.attune.training.ContrastiveOptions.SamplingStrategy;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SentencePairTest {
    /** Four texts of one label and two of another: 10 + 3 pairs of one label, each text with itself too, and 8 of two. */
    private static final int[] LABELS = {0, 1, 0, 0, 1, 0};

    @Test
    void uniqueTakesEveryPairOnce() {
        var pairs = draw(SamplingStrategy.UNIQUE, null);
        assertThat(pairs).hasSize(21).doesNotHaveDuplicates();
        assertThat(count(pairs, true)).isEqualTo(13);
        assertThat(pairs).allSatisfy(pair -> {
            assertThat(pair.first()).isBetween(0, pair.second());
            assertThat(pair.second()).isBetween(pair.first(), 5);
            assertThat(pair.sameLabel()).isEqualTo(LABELS[pair.first()] == LABELS[pair.second()]);
        });
    }

    @Test
    void oversamplingTakesAllAndRepeatsTheRarerKind() {
        var pairs = draw(SamplingStrategy.OVERSAMPLING, null);
        assertThat(count(pairs, true)).isEqualTo(13);
        assertThat(count(pairs, false)).isEqualTo(13);
        assertThat(new HashSet<>(pairs)).isEqualTo(new HashSet<>(draw(SamplingStrategy.UNIQUE, null)));
    }

    @Test
    void undersamplingTakesAsManyOfEitherKindAsThereAreOfTheRarer() {
        var pairs = draw(SamplingStrategy.UNDERSAMPLING, null);
        assertThat(count(pairs, true)).isEqualTo(8);
        assertThat(count(pairs, false)).isEqualTo(8);
        assertThat(pairs).doesNotHaveDuplicates();
    }

    @Test
    void iterationsCountPairsByTextsWhateverTheStrategy() {
        for (SamplingStrategy strategy : SamplingStrategy.values()) {
            var pairs = draw(strategy, 3);
            assertThat(count(pairs, true)).isEqualTo(18);
            assertThat(count(pairs, false)).isEqualTo(18);
        }
    }

    @Test
    void theSeedAloneDecides() {
        var options = ContrastiveOptions.defaults();
        assertThat(SentencePair.draw(LABELS, options, 1))
                .isEqualTo(SentencePair.draw(LABELS, options, 1))
                .isNotEqualTo(SentencePair.draw(LABELS, options, 2));
    }

    @Test
    void moreTextsThanCanBePairedAreRefused() {
        int[] labels = new int[2001];
        labels[0] = 1;
        assertThatThrownBy(() -> SentencePair.draw(labels, ContrastiveOptions.defaults(), 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("2001 texts")
                .hasMessageContaining("--limit");
        assertThatThrownBy(() -> new ContrastiveOptions(SamplingStrategy.UNIQUE, 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("num-iterations is 0");
    }

    private static List<SentencePair> draw(SamplingStrategy strategy, @Nullable Integer iterations) {
        return SentencePair.draw(LABELS, new ContrastiveOptions(strategy, iterations), 42);
    }

    private static long count(List<SentencePair> pairs, boolean sameLabel) {
        return pairs.stream().filter(pair -> pair.sameLabel() == sameLabel).count();
    }
}
