package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SplitTest {
    @Property(tries = 40)
    void readsBackWhatItWrote(
            @ForAll("examples") @Size(max = 30) List<Example> train,
            @ForAll("examples") @Size(max = 3) List<Example> validation,
            @ForAll("examples") @Size(max = 20) List<Example> test)
            throws IOException {
        var all = new ArrayList<>(train);
        all.addAll(validation);
        all.addAll(test);
        var labels = Dataset.labelsOf(all);
        var split = new Split(
                new Dataset("a", train, labels), new Dataset("b", validation, labels), new Dataset("c", test, labels));
        var read = writtenAndRead(split);
        assertThat(read.train().examples()).isEqualTo(train);
        assertThat(read.validation().examples()).isEqualTo(validation);
        assertThat(read.test().examples()).isEqualTo(test);
        assertThat(read.train().labels()).isEqualTo(labels);
        assertThat(read.test().sha256()).isEqualTo(split.test().sha256());
    }

    private static Split writtenAndRead(Split split) throws IOException {
        Path folder = Files.createTempDirectory("split-test");
        try {
            split.write(folder);
            return Split.read(folder);
        } finally {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Provide
    Arbitrary<List<Example>> examples() {
        return Combinators.combine(strings(), strings().injectNull(0.1))
                .as((text, label) -> new Example(text, "".equals(label) ? null : label))
                .list();
    }

    /** Made of the pieces that CSV readers trip over, and of any other characters. */
    private static Arbitrary<String> strings() {
        var awkward = Arbitraries.of(
                "\"",
                "\"\"",
                ",",
                "\n",
                "\r",
                "\r\n",
                " ",
                "\t",
                "NULL",
                "null",
                "",
                "\\",
                "\\N",
                "'",
                "😀",
                "é",
                "#",
                "a",
                "\uFEFF",
                "\u0085",
                "\u2028",
                "\u0000",
                "text,label");
        var any = Arbitraries.integers()
                .between(1, Character.MAX_CODE_POINT)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .map(Character::toString);
        return Arbitraries.oneOf(awkward, awkward, any).list().ofMaxSize(6).map(pieces -> String.join("", pieces));
    }

    @Property(tries = 300)
    void splitsIntoExactSizesWithTheClassesInProportion(
            @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 0, max = 40) Integer> classSizes,
            @ForAll("shares") List<Double> shares,
            @ForAll long seed) {
        var examples = new ArrayList<Example>();
        for (int c = 0; c < classSizes.size(); c++) {
            for (int i = 0; i < classSizes.get(c); i++) {
                examples.add(new Example(c + "/" + i, "label" + c));
            }
        }
        var data = Dataset.of("made", examples);
        var split = data.split(shares.get(0), shares.get(1), shares.get(2), seed);
        var parts = List.of(split.train(), split.validation(), split.test());
        int[] sizes = Partition.sizes(data.size(), shares);

        var together = new ArrayList<Example>();
        for (int p = 0; p < 3; p++) {
            var part = parts.get(p);
            together.addAll(part.examples());
            assertThat(part.size()).isEqualTo(sizes[p]);
            assertThat((double) part.size())
                    .isBetween(data.size() * shares.get(p) - 1, data.size() * shares.get(p) + 1);
            for (var count : part.counts().entrySet()) {
                double quota = data.counts().getOrDefault(count.getKey(), 0) * shares.get(p);
                assertThat((double) count.getValue()).isBetween(quota - 2, quota + 2);
            }
        }
        assertThat(together).containsExactlyInAnyOrderElementsOf(examples);
        assertThat(data.split(shares.get(0), shares.get(1), shares.get(2), seed))
                .isEqualTo(split);
    }

    @Provide
    Arbitrary<List<Double>> shares() {
        return Arbitraries.of(
                List.of(0.7, 0.1, 0.2), List.of(0.8, 0.0, 0.2), List.of(1.0, 0.0, 0.0), List.of(0.34, 0.33, 0.33));
    }
}
