package dev.attune.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchesTest {
    @Property(tries = 200)
    void everyEpochHoldsEachExampleOnceInFullBatches(
            @ForAll @Size(max = 300) List<@IntRange(min = 1, max = 50) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 9) int batchSize,
            @ForAll boolean byLength,
            @ForAll long seed) {
        int[] tokens = lengths.stream().mapToInt(length -> length).toArray();
        var batches = Batches.epoch(tokens, batchSize, byLength, seed, 0);
        assertThat(batches.stream().flatMapToInt(Arrays::stream).sorted())
                .containsExactlyElementsOf(
                        IntStream.range(0, tokens.length).boxed().toList());
        assertThat(batches).hasSize((tokens.length + batchSize - 1) / batchSize);
        assertThat(batches.stream().filter(batch -> batch.length < batchSize).count())
                .isLessThanOrEqualTo(1);
    }

    @Test
    void orderDependsOnSeedAndEpochAlone() {
        int[] lengths = new Random(1).ints(100, 1, 30).toArray();
        var first = flat(Batches.epoch(lengths, 8, true, 5, 2));
        assertThat(flat(Batches.epoch(lengths, 8, true, 5, 2))).isEqualTo(first);
        assertThat(flat(Batches.epoch(lengths, 8, true, 5, 3))).isNotEqualTo(first);
        assertThat(flat(Batches.epoch(lengths, 8, true, 6, 2))).isNotEqualTo(first);
    }

    @Test
    void examplesOfLikeLengthGoTogether() {
        int[] lengths = new Random(1).ints(512, 1, 200).toArray();
        long plain = padded(Batches.epoch(lengths, 8, false, 1, 0), lengths);
        long sorted = padded(Batches.epoch(lengths, 8, true, 1, 0), lengths);
        assertThat(sorted).isLessThan(Arrays.stream(lengths).sum() * 12L / 10);
        assertThat(plain).isGreaterThan(Arrays.stream(lengths).sum() * 15L / 10);
    }

    @Test
    void longAndShortBatchesComeMixed() {
        int[] lengths = IntStream.range(1, 129).toArray();
        var longest = Batches.epoch(lengths, 8, true, 1, 0).stream()
                .map(batch -> Arrays.stream(batch).map(i -> lengths[i]).max().orElseThrow())
                .toList();
        assertThat(longest).isNotEqualTo(longest.stream().sorted().toList());
        assertThat(longest).doesNotContainSequence(128, 120, 112, 104);
    }

    private static List<Integer> flat(List<int[]> batches) {
        return batches.stream().flatMapToInt(Arrays::stream).boxed().toList();
    }

    private static long padded(List<int[]> batches, int[] lengths) {
        return batches.stream()
                .mapToLong(batch -> (long) batch.length
                        * Arrays.stream(batch).map(i -> lengths[i]).max().orElseThrow())
                .sum();
    }
}
