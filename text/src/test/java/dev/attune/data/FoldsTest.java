package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.InputException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldsTest {
    private static final int[] LABELS =
            IntStream.range(0, 103).map(i -> i % 10 == 0 ? 2 : i % 2).toArray();

    @Test
    void eachRowIsInOneFold() {
        List<int[]> folds = Folds.stratified(LABELS, 5, 1);
        assertThat(folds.stream().flatMapToInt(IntStream::of).sorted().toArray())
                .isEqualTo(IntStream.range(0, LABELS.length).toArray());
        assertThat(Folds.others(LABELS.length, folds.get(0))).hasSize(LABELS.length - folds.get(0).length);
        assertThat(Folds.others(LABELS.length, folds.get(0))).doesNotContain(folds.get(0));
    }

    @Test
    void foldsHaveEqualSharesOfEachClass() {
        for (int label = 0; label < 3; label++) {
            int wanted = label;
            var counts = Folds.stratified(LABELS, 5, 1).stream()
                    .mapToLong(fold -> IntStream.of(fold)
                            .filter(row -> LABELS[row] == wanted)
                            .count())
                    .summaryStatistics();
            assertThat(counts.getMax() - counts.getMin()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void theSeedDecides() {
        assertThat(Folds.stratified(LABELS, 3, 1).get(0))
                .isEqualTo(Folds.stratified(LABELS, 3, 1).get(0));
        assertThat(Folds.stratified(LABELS, 3, 1).get(0))
                .isNotEqualTo(Folds.stratified(LABELS, 3, 2).get(0));
    }

    @Test
    void thereAreTwoFoldsOrMoreAndNoMoreThanRows() {
        assertThatThrownBy(() -> Folds.stratified(LABELS, 1, 1)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> Folds.stratified(new int[] {0, 1}, 3, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("3 folds");
    }
}
