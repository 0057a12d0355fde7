package dev.attune.explore.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of numbers to be placed in pictures: embeddings, or the scaled columns of a table.
 *
 * @param vectors rows x columns, without missing values
 * @param rows each row's place in the data, from 1
 * @param texts what each row says
 * @param label what the labels are called
 * @param labels of the rows; null where there are none
 * @param columns names of the columns; null where they mean nothing
 */
record Points(
        List<double[]> vectors,
        List<Integer> rows,
        List<String> texts,
        String label,
        @Nullable List<String> labels,
        @Nullable List<String> columns) {

    int size() {
        return rows.size();
    }

    double[][] matrix() {
        return vectors.toArray(double[][]::new);
    }

    /** So many rows, drawn by the seed, in their order. */
    Points drawn(int most, long seed) {
        if (size() <= most) {
            return this;
        }
        int[] chosen = Drawing.of(size(), most, seed);
        return new Points(
                pick(vectors, chosen),
                pick(rows, chosen),
                pick(texts, chosen),
                label,
                labels == null ? null : pick(labels, chosen),
                columns);
    }

    static <T> List<T> pick(List<T> list, int[] chosen) {
        return Arrays.stream(chosen).mapToObj(list::get).toList();
    }

    /** Ids of the labels, in the order of their names. */
    static int[] ids(List<String> labels) {
        var names = labels.stream().distinct().sorted().toList();
        return labels.stream().mapToInt(names::indexOf).toArray();
    }

    /** Rows without replacement. */
    static final class Drawing {
        private Drawing() {}

        static int[] of(int size, int most, long seed) {
            int[] order = IntStream.range(0, size).toArray();
            var random = new java.util.SplittableRandom(seed);
            int count = Math.min(size, most);
            for (int i = 0; i < count; i++) {
                int other = i + random.nextInt(size - i);
                int swapped = order[i];
                order[i] = order[other];
                order[other] = swapped;
            }
            return Arrays.stream(order, 0, count).sorted().toArray();
        }
    }
}
