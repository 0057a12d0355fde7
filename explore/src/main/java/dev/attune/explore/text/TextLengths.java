package dev.attune.explore.text;

import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long texts are, and what cutting and padding them to a length costs.
 *
 * @param unit characters or tokens
 * @param quantiles by nearest rank, from the shortest to the longest
 * @param histogram bins of one width that adjoin
 * @param cuts at lengths that double, up to the first that cuts nothing
 */
public record TextLengths(
        String unit, int texts, double mean, List<Quantile> quantiles, List<Bin> histogram, List<Cut> cuts) {
    private static final double[] SHARES = {0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1};
    private static final int BINS = 20;
    private static final int SHORTEST_CUT = 16;
    /** The batch that padding is counted for. */
    public static final int BATCH = 16;

    /** This share of the texts is no longer than that. */
    public record Quantile(double share, int length) {}

    /** Texts of {@code from} and more, but less than {@code to}. */
    public record Bin(int from, int to, int texts) {}

    /**
     * What a {@code max_length} does.
     *
     * @param textsCut texts that are longer
     * @param lost share of all units that are cut off
     * @param paddedFixed share of padding where every text is padded to {@code maxLength}
     * @param paddedByLength share of padding where texts of like length go together, {@value TextLengths#BATCH} a batch,
     *     padded to the longest of each
     */
    public record Cut(int maxLength, int textsCut, double lost, double paddedFixed, double paddedByLength) {}

    public TextLengths {
        quantiles = List.copyOf(quantiles);
        histogram = List.copyOf(histogram);
        cuts = List.copyOf(cuts);
    }

    /** Lengths in Unicode characters. */
    public static TextLengths characters(List<String> texts) {
        return of(
                "characters",
                texts.stream()
                        .mapToInt(text -> text.codePointCount(0, text.length()))
                        .toArray());
    }

    /**
     * Lengths that were counted.
     *
     * @throws InputException when there are none
     */
    public static TextLengths of(String unit, int[] lengths) {
        if (lengths.length == 0) {
            throw new InputException("There are no texts whose lengths could be told.");
        }
        int[] sorted = Arrays.stream(lengths).sorted().toArray();
        var quantiles = Arrays.stream(SHARES)
                .mapToObj(share -> new Quantile(share, sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)]))
                .toList();
        int longest = sorted[sorted.length - 1];
        var cuts = new ArrayList<Cut>();
        long length = SHORTEST_CUT;
        do {
            cuts.add(cut(sorted, (int) Math.min(length, Integer.MAX_VALUE)));
            length *= 2;
        } while (length / 2 < longest);
        return new TextLengths(
                unit, sorted.length, Arrays.stream(sorted).average().orElse(0), quantiles, histogram(sorted), cuts);
    }

    /** The length that this share of the texts does not exceed; it is one of those of {@link #quantiles}. */
    public int quantile(double share) {
        return quantiles.stream()
                .filter(quantile -> quantile.share == share)
                .findFirst()
                .orElseThrow()
                .length;
    }

    /**
     * What one {@code max_length} does to texts of these lengths.
     *
     * @param lengths in any order
     */
    public static Cut cutAt(int[] lengths, int maxLength) {
        return cut(Arrays.stream(lengths).sorted().toArray(), maxLength);
    }

    private static Cut cut(int[] sorted, int maxLength) {
        int[] kept =
                Arrays.stream(sorted).map(length -> Math.min(length, maxLength)).toArray();
        long all = sum(sorted);
        long left = sum(kept);
        long byLength = 0;
        for (int from = 0; from < kept.length; from += BATCH) {
            int to = Math.min(kept.length, from + BATCH);
            byLength += (long) kept[to - 1] * (to - from);
        }
        return new Cut(
                maxLength,
                (int) Arrays.stream(sorted).filter(length -> length > maxLength).count(),
                all == 0 ? 0 : (double) (all - left) / all,
                1 - (double) left / ((long) maxLength * kept.length),
                byLength == 0 ? 0 : 1 - (double) left / byLength);
    }

    private static List<Bin> histogram(int[] sorted) {
        int least = sorted[0];
        int width = Math.max(1, (int) Math.ceil((sorted[sorted.length - 1] - least + 1.0) / BINS));
        int[] counts = new int[(sorted[sorted.length - 1] - least) / width + 1];
        for (int length : sorted) {
            counts[(length - least) / width]++;
        }
        var bins = new ArrayList<Bin>();
        for (int i = 0; i < counts.length; i++) {
            bins.add(new Bin(least + i * width, least + (i + 1) * width, counts[i]));
        }
        return bins;
    }

    private static long sum(int[] values) {
        return Arrays.stream(values).asLongStream().sum();
    }
}
