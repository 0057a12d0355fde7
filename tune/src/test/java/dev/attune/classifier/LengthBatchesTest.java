package dev.attune.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LengthBatchesTest {
    @Property(tries = 300)
    void holdEachExampleOnceWithinTheBudgetLongestFirst(
            @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 600) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 9000) int tokens) {
        int[] each = lengths.stream().mapToInt(length -> length).toArray();
        var batches = LengthBatches.all(each, tokens);
        assertThat(batches.stream().flatMapToInt(Arrays::stream).sorted().boxed())
                .containsExactlyElementsOf(
                        IntStream.range(0, each.length).boxed().toList());
        assertThat(batches).allSatisfy(batch -> {
            int longest = Arrays.stream(batch).map(i -> each[i]).max().orElseThrow();
            assertThat(batch.length == 1 || longest * batch.length <= tokens).isTrue();
        });
        assertThat(batches.stream()
                        .flatMapToInt(Arrays::stream)
                        .map(i -> -each[i])
                        .boxed())
                .isSorted();
    }

    @Property(tries = 300)
    void partsOfABatchKeepItsOrderAndTheBudget(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = 50) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 400) int tokens) {
        int[] each = lengths.stream().mapToInt(length -> length).toArray();
        int[] batch =
                IntStream.range(0, each.length).map(i -> each.length - 1 - i).toArray();
        var parts = LengthBatches.split(batch, each, tokens);
        assertThat(parts.stream().flatMapToInt(Arrays::stream).toArray()).isEqualTo(batch);
        assertThat(parts).allSatisfy(part -> {
            int longest = Arrays.stream(part).map(i -> each[i]).max().orElseThrow();
            assertThat(part.length == 1 || longest * part.length <= tokens).isTrue();
        });
    }

    @Test
    void examplesOfOneLengthKeepTheirOrder() {
        assertThat(LengthBatches.longestFirst(new int[] {0, 1, 2, 3}, new int[] {2, 5, 2, 5}))
                .containsExactly(1, 3, 0, 2);
    }
}
