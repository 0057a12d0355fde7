package dev.attune.explore.baseline;

import dev.attune.data.Dataset;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Rows with their labels. */
public final class Labelled<X> {
    private final List<X> rows;
    private final int[] labels;
    private final List<String> names;

    /**
     * Labelled rows.
     *
     * @throws InputException when there are none
     */
    public Labelled(List<X> rows, int[] labels, List<String> names) {
        if (rows.size() != labels.length) {
            throw new IllegalArgumentException(labels.length + " labels for " + rows.size() + " rows");
        }
        if (rows.isEmpty()) {
            throw new InputException("There are no rows to fit a baseline on.");
        }
        this.rows = rows;
        this.labels = labels;
        this.names = names;
    }

    public List<X> rows() {
        return rows;
    }

    /** The id of each row's label. */
    public int[] labels() {
        return labels;
    }

    /** The names of the classes, of which some may not occur. */
    public List<String> names() {
        return names;
    }

    /**
     * The texts of a data set.
     *
     * @throws InputException when it is empty or a row has no label
     */
    public static Labelled<String> texts(Dataset dataset) {
        return new Labelled<>(
                dataset.texts(), dataset.labelIds(), dataset.labels().names());
    }

    /** Some of the rows, in the order they are named. */
    public Labelled<X> select(int[] chosen) {
        return new Labelled<>(
                IntStream.of(chosen).mapToObj(rows::get).toList(),
                IntStream.of(chosen).map(row -> labels[row]).toArray(),
                names);
    }

    /**
     * Fits on the classes that occur; one that does not gets the probability 0, and where only one does it gets 1.
     */
    Baseline.Fitted<X> fit(Baseline<X> baseline) {
        int[] occurring = Arrays.stream(labels).distinct().sorted().toArray();
        if (occurring.length == 1) {
            return spread(new Majority<X>().fit(rows, new int[labels.length], 1), occurring);
        }
        int[] dense = Arrays.stream(labels)
                .map(label -> Arrays.binarySearch(occurring, label))
                .toArray();
        return spread(baseline.fit(rows, dense, occurring.length), occurring);
    }

    private Baseline.Fitted<X> spread(Baseline.Fitted<X> fitted, int[] occurring) {
        return new Baseline.Fitted<>() {
            @Override
            public double[][] probabilities(List<X> others) {
                return Arrays.stream(fitted.probabilities(others))
                        .map(row -> {
                            var wide = new double[names.size()];
                            for (int i = 0; i < occurring.length; i++) {
                                wide[occurring[i]] = row[i];
                            }
                            return wide;
                        })
                        .toArray(double[][]::new);
            }

            @Override
            public long numbers() {
                return fitted.numbers();
            }
        };
    }
}
