package dev.attune.explore.table;

import dev.attune.data.Dataset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * How the rows divide among the classes of a label.
 *
 * @param classes the largest first
 * @param missing rows without a label
 * @param imbalance the largest class's rows over the smallest's
 * @param majority the largest class's share of the labelled rows, which is the accuracy of always guessing it
 * @param evenness Shannon's entropy of the shares over its greatest possible: 1 where all classes are of one size (Pielou 1966)
 */
public record ClassBalance(
        String label, List<ClassCount> classes, long missing, double imbalance, double majority, double evenness) {
    /**
     * One class.
     *
     * @param weight what scikit-learn's {@code class_weight="balanced"} gives it: rows / (classes * its rows)
     */
    public record ClassCount(String name, long rows, double share, double weight) {}

    /** More classes than this are no classes; the others are left out. */
    private static final int MOST = 10_000;

    public ClassBalance {
        classes = List.copyOf(classes);
    }

    /**
     * Of a column of a table, of words or numbers.
     *
     * @throws dev.attune.files.InputException for a column that is missing
     */
    public static ClassBalance of(Table table, String label) {
        var counts = table.counts(table.index(label), MOST);
        return of(
                label,
                counts,
                table.rows() - counts.stream().mapToLong(ValueCount::count).sum());
    }

    /** Of the labels of texts; classes without an example are left out. */
    public static ClassBalance of(Dataset data) {
        var counts = data.counts().entrySet().stream()
                .filter(count -> count.getValue() > 0)
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .map(count -> new ValueCount(count.getKey(), count.getValue()))
                .toList();
        return of("label", counts, data.size() - data.labelled());
    }

    private static ClassBalance of(String label, List<ValueCount> counts, long missing) {
        double rows = counts.stream().mapToLong(ValueCount::count).sum();
        var classes = new ArrayList<ClassCount>();
        double entropy = 0;
        for (var count : counts) {
            double share = count.count() / rows;
            entropy -= share * Math.log(share);
            classes.add(new ClassCount(count.value(), count.count(), share, rows / (counts.size() * count.count())));
        }
        int last = classes.size() - 1;
        return new ClassBalance(
                label,
                classes,
                missing,
                classes.isEmpty()
                        ? 1
                        : (double) classes.get(0).rows() / classes.get(last).rows(),
                classes.isEmpty() ? 0 : classes.get(0).share(),
                classes.size() < 2 ? 1 : entropy / Math.log(classes.size()));
    }
}
