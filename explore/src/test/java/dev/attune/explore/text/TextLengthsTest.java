package dev.attune.explore.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.files.InputException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextLengthsTest {
    @Test
    void quantilesAndHistogramHoldEveryText() {
        var lengths = TextLengths.of("tokens", IntStream.rangeClosed(1, 100).toArray());
        assertThat(lengths.mean()).isEqualTo(50.5);
        assertThat(lengths.quantile(0)).isEqualTo(1);
        assertThat(lengths.quantile(0.5)).isEqualTo(50);
        assertThat(lengths.quantile(0.99)).isEqualTo(99);
        assertThat(lengths.quantile(1)).isEqualTo(100);
        assertThat(lengths.histogram()).hasSize(20).allMatch(bin -> bin.texts() == 5);
        assertThat(lengths.histogram().get(0).from()).isEqualTo(1);
        assertThat(lengths.histogram().get(19).to()).isEqualTo(101);
        assertThat(lengths.cuts()).extracting(TextLengths.Cut::maxLength).containsExactly(16, 32, 64, 128);
        assertThat(lengths.cuts().get(3).textsCut()).isZero();
    }

    @Test
    void countsWhatIsCutAndPadded() {
        // 16 of length 10 and 16 of length 20: each batch by length holds one of the two.
        int[] lengths = IntStream.range(0, 32).map(i -> i % 2 == 0 ? 10 : 20).toArray();
        var whole = TextLengths.cutAt(lengths, 20);
        assertThat(whole.textsCut()).isZero();
        assertThat(whole.lost()).isZero();
        assertThat(whole.paddedFixed()).isCloseTo(0.25, within(1e-12));
        assertThat(whole.paddedByLength()).isZero();
        var cut = TextLengths.cutAt(lengths, 15);
        assertThat(cut.textsCut()).isEqualTo(16);
        assertThat(cut.lost()).isCloseTo(80.0 / 480, within(1e-12));
        assertThat(cut.paddedFixed()).isCloseTo(80.0 / 480, within(1e-12));
    }

    @Test
    void characterAreCodePointsAndEmptyTextsCount() {
        var lengths = TextLengths.characters(List.of("", "\uD83C\uDF27", "abc"));
        assertThat(lengths.quantiles().stream().map(TextLengths.Quantile::length))
                .containsExactly(0, 0, 1, 3, 3, 3, 3, 3);
        assertThat(TextLengths.characters(List.of("", "")).cuts().get(0).lost()).isZero();
        assertThatThrownBy(() -> TextLengths.characters(List.of())).isInstanceOf(InputException.class);
    }
}
