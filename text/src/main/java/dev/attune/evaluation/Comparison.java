package dev.attune.evaluation;

import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs and baselines side by side.
 *
 * @param results by falling accuracy
 * @param againstBest each other one against the first, in the order of results; a null test where the rows differ
 */
public record Comparison(List<TestResult> results, List<Pairing> againstBest) {

    /**
     * Two results held against each other.
     *
     * @param test of {@code best} against {@code other}; null where they were tested on different rows
     */
    public record Pairing(
            String best, String other, @Nullable PairedTest test) {}

    public Comparison {
        results = List.copyOf(results);
        againstBest = List.copyOf(againstBest);
    }

    /**
     * Sorts the results and tests each against the best.
     *
     * @param results two or more
     * @param seed of the bootstrap
     */
    public static Comparison of(List<TestResult> results, long seed) {
        if (results.size() < 2) {
            throw new InputException("A comparison takes two runs or baselines, or more.");
        }
        var sorted = results.stream()
                .sorted((a, b) ->
                        Double.compare(b.evaluation().accuracy(), a.evaluation().accuracy()))
                .toList();
        TestResult best = sorted.get(0);
        var pairings = new ArrayList<Pairing>();
        for (TestResult other : sorted.subList(1, sorted.size())) {
            pairings.add(new Pairing(best.name(), other.name(), test(best, other, seed)));
        }
        return new Comparison(sorted, pairings);
    }

    private static @Nullable PairedTest test(TestResult best, TestResult other, long seed) {
        return PairedTest.areComparable(best.predictions(), other.predictions())
                ? PairedTest.of(best.predictions(), other.predictions(), seed)
                : null;
    }
}
