package dev.attune.evaluation;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.attune.files.InputException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Whether two classifiers that were tested on the same rows differ by more than chance.
 *
 * @param rows that both were tested on
 * @param onlyFirst rows that only the first got right
 * @param onlySecond rows that only the second got right
 * @param mcnemar two-sided p-value of McNemar's exact test (1947): how often chance alone would share those rows out at least
 *     as unequally
 * @param accuracyDifference of the first less the second
 * @param accuracyInterval of that difference, by paired bootstrap
 * @param f1Difference in macro F1
 * @param f1Interval of that difference, by paired bootstrap
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record PairedTest(
        int rows,
        int onlyFirst,
        int onlySecond,
        double mcnemar,
        double accuracyDifference,
        Interval accuracyInterval,
        double f1Difference,
        Interval f1Interval) {
    private static final int RESAMPLES = 1000;
    private static final Comparator<Predictions.Row> ORDER =
            Comparator.comparing(Predictions.Row::text).thenComparing(Predictions.Row::label);

    /**
     * Tests the first against the second.
     *
     * @param seed of the bootstrap
     * @throws InputException when the two were tested on different rows
     */
    public static PairedTest of(Predictions first, Predictions second, long seed) {
        List<Predictions.Row> a = sorted(first);
        List<Predictions.Row> b = sorted(second);
        if (!areComparable(first, second)) {
            throw new InputException("They were tested on different rows; test them with the same data and split.");
        }
        var names = new LinkedHashSet<>(first.labels());
        names.addAll(second.labels());
        var labels = List.copyOf(names);
        var pair = new Pair(labels.size(), cells(a, labels), cells(b, labels));
        int onlyFirst = count(a, b);
        int onlySecond = count(b, a);
        double[] figures = pair.differences(once(a.size()));
        var random = new SplittableRandom(seed);
        var samples = new double[2][RESAMPLES];
        for (int sample = 0; sample < RESAMPLES; sample++) {
            double[] drawn = pair.differences(drawn(a.size(), random));
            samples[0][sample] = drawn[0];
            samples[1][sample] = drawn[1];
        }
        return new PairedTest(
                a.size(),
                onlyFirst,
                onlySecond,
                mcnemar(onlyFirst, onlySecond),
                figures[0],
                Interval.ofSamples(samples[0]),
                figures[1],
                Interval.ofSamples(samples[1]));
    }

    /** Whether both were tested on the same texts with the same labels, in whatever order. */
    public static boolean areComparable(Predictions first, Predictions second) {
        List<Predictions.Row> a = sorted(first);
        List<Predictions.Row> b = sorted(second);
        return a.size() == b.size()
                && !a.isEmpty()
                && IntStream.range(0, a.size()).allMatch(i -> ORDER.compare(a.get(i), b.get(i)) == 0);
    }

    private static List<Predictions.Row> sorted(Predictions predictions) {
        return predictions.rows().stream().sorted(ORDER).toList();
    }

    /** The rows that are right in the one and wrong in the other. */
    private static int count(List<Predictions.Row> right, List<Predictions.Row> wrong) {
        return (int) IntStream.range(0, right.size())
                .filter(i -> right.get(i).isRight() && !wrong.get(i).isRight())
                .count();
    }

    /** Each row's cell in the confusion matrix. */
    private static int[] cells(List<Predictions.Row> rows, List<String> labels) {
        return rows.stream()
                .mapToInt(row -> labels.indexOf(row.label()) * labels.size() + labels.indexOf(row.predicted()))
                .toArray();
    }

    /** Twice the chance of at most the smaller number of heads in so many tosses. */
    static double mcnemar(int onlyFirst, int onlySecond) {
        int tosses = onlyFirst + onlySecond;
        int fewer = Math.min(onlyFirst, onlySecond);
        double logOfOne = -tosses * Math.log(2); // of no heads at all; small beyond what a double holds
        double sum = 0;
        for (int heads = 0; heads <= fewer; heads++) {
            sum += Math.exp(logOfOne);
            logOfOne += Math.log((double) (tosses - heads) / (heads + 1));
        }
        return Math.min(1, 2 * sum);
    }

    private static int[] once(int rows) {
        return IntStream.range(0, rows).map(row -> 1).toArray();
    }

    private static int[] drawn(int rows, SplittableRandom random) {
        var weights = new int[rows];
        for (int i = 0; i < rows; i++) {
            weights[random.nextInt(rows)]++;
        }
        return weights;
    }

    private static final class Pair {
        private final int classes;
        private final int[] first;
        private final int[] second;

        Pair(int classes, int[] first, int[] second) {
            this.classes = classes;
            this.first = first;
            this.second = second;
        }

        /** In accuracy and macro F1, over the sample that holds each row so many times. */
        double[] differences(int[] weights) {
            Confusion a = confusion(first, weights);
            Confusion b = confusion(second, weights);
            return new double[] {
                a.accuracy() - b.accuracy(), a.macro().f1() - b.macro().f1()
            };
        }

        private Confusion confusion(int[] cells, int[] weights) {
            var counts = new int[classes * classes];
            for (int row = 0; row < cells.length; row++) {
                counts[cells[row]] += weights[row];
            }
            return new Confusion(classes, counts);
        }
    }
}
