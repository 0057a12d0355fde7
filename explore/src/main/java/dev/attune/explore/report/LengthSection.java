package dev.attune.explore.report;

import dev.attune.data.Dataset;
import dev.attune.explore.text.TextLengths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How long texts are, in characters and in a model's tokens, and what a maximum length would cut and pad. */
final class LengthSection {
    private static final int MOST_GROUPS = 8;
    private static final int BINS = 30;

    private LengthSection() {}

    static Section of(Dataset data, int[] characters, @Nullable Function<List<String>, int[]> tokens) {
        var blocks = new ArrayList<Block>();
        add(data, "characters", characters, "text-lengths", blocks);
        if (tokens != null) {
            add(data, "tokens", tokens.apply(data.texts()), "token-lengths", blocks);
        }
        return new Section("lengths", "Lengths", "", blocks);
    }

    private static void add(Dataset data, String unit, int[] lengths, String id, List<Block> blocks) {
        boolean byLabel = data.labelled() == data.size() && data.labels().size() <= MOST_GROUPS;
        int[] groups = byLabel ? data.labelIds() : new int[lengths.length];
        List<String> names = byLabel ? data.labels().names() : List.of("texts");
        var histogram = Histogram.of(Arrays.stream(lengths).asDoubleStream().toArray(), groups, names.size(), BINS);
        int[] sorted = Arrays.stream(lengths).sorted().toArray();
        blocks.add(new Bars(
                id,
                "Length in " + unit,
                "Half of the texts have " + Text.count(quantile(sorted, 0.5)) + " " + unit + " or fewer, 99 in 100 "
                        + Text.count(quantile(sorted, 0.99)) + "; the longest "
                        + Text.count(quantile(sorted, 1)) + ".",
                unit,
                "texts",
                histogram.ranges(),
                IntStream.range(0, histogram.counts().size())
                        .mapToObj(i ->
                                new Bars.Series(names.get(i), histogram.counts().get(i)))
                        .toList(),
                false,
                true));
        if (lengths.length > 0) {
            blocks.add(TextSections.cuts(TextLengths.of(unit, lengths)));
        }
    }

    /** By nearest rank. */
    static int quantile(int[] sorted, double q) {
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(q * sorted.length) - 1)];
    }
}
