package dev.attune.data;

import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Rows dealt into folds for cross-validation. */
public final class Folds {
    private Folds() {}

    /**
     * The rows of each fold, rising. The folds' sizes differ by one at most, and so do their rows of each class, as in
     * scikit-learn's StratifiedKFold.
     *
     * @param labels of the rows
     * @throws InputException when there are fewer than two folds or more than rows
     */
    public static List<int[]> stratified(int[] labels, int folds, long seed) {
        if (folds < 2 || folds > labels.length) {
            throw new InputException(
                    folds + " folds were asked for; " + labels.length + " rows can be dealt into 2 to as many.");
        }
        int[] shuffled = Shuffle.permutation(labels.length, seed);
        var byClass = IntStream.of(shuffled)
                .boxed()
                .sorted((a, b) -> Integer.compare(labels[a], labels[b])) // stable: shuffled within a class
                .toList();

        var dealt = new ArrayList<int[]>();
        for (int f = 0; f < folds; f++) {
            int fold = f;
            dealt.add(IntStream.range(0, labels.length)
                    .filter(place -> place % folds == fold)
                    .map(byClass::get)
                    .sorted()
                    .toArray());
        }
        return dealt;
    }

    /** The rows that are not in a fold, rising. */
    public static int[] others(int rows, int[] fold) {
        var isIn = new boolean[rows];
        Arrays.stream(fold).forEach(row -> isIn[row] = true);
        return IntStream.range(0, rows).filter(row -> !isIn[row]).toArray();
    }
}
