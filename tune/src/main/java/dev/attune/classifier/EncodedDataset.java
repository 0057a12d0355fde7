package dev.attune.classifier;

import dev.attune.data.Dataset;
import java.util.List;

/** Token ids of a data set's texts and the class index of each; row i is example i. */
public final class EncodedDataset {
    private final List<int[]> ids;
    private final int[] labels;

    /** @param labels as long as {@code ids}; -1 where an example has no label */
    public EncodedDataset(List<int[]> ids, int[] labels) {
        if (ids.size() != labels.length) {
            throw new IllegalArgumentException(ids.size() + " texts but " + labels.length + " labels");
        }
        this.ids = List.copyOf(ids);
        this.labels = labels.clone();
    }

    /**
     * Encodes a labelled data set, which may have no rows.
     *
     * @throws dev.attune.files.InputException when an example has no label
     */
    public static EncodedDataset of(TextEncoder encoder, Dataset dataset) {
        int[] labels = dataset.size() == 0 ? new int[0] : dataset.labelIds();
        return new EncodedDataset(encoder.encode(dataset.texts()), labels);
    }

    public int size() {
        return labels.length;
    }

    public int[] ids(int example) {
        return ids.get(example);
    }

    public int label(int example) {
        return labels[example];
    }

    /** Of each example. */
    public int[] labels() {
        return labels.clone();
    }

    /** Tokens of each example. */
    public int[] lengths() {
        return ids.stream().mapToInt(row -> row.length).toArray();
    }
}
