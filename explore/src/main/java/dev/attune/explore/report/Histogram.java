package dev.attune.explore.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts by ranges of equal width, whose ends are round numbers.
 *
 * @param ranges named by their lower ends; the first and the last take what lies beyond
 * @param counts by group, then range
 */
record Histogram(List<String> ranges, List<List<Double>> counts) {
    private static final double TAIL = 0.005;

    /**
     * Of values in groups; NaNs are left out.
     *
     * @param groups of each value its group, below {@code groupCount}
     */
    static Histogram of(double[] values, int[] groups, int groupCount, int about) {
        double[] sorted =
                Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
        if (sorted.length == 0) {
            return new Histogram(List.of(), List.of());
        }
        boolean whole = Arrays.stream(sorted).allMatch(v -> v == Math.rint(v));
        // A few values far out would leave all others in one bar.
        double low = sorted[(int) (TAIL * (sorted.length - 1))];
        double high = sorted[(int) Math.ceil((1 - TAIL) * (sorted.length - 1))];
        double step = roundStep((high - low) / about, whole);
        double first = Math.floor(low / step) * step;
        int bins = Math.max(1, (int) Math.floor((high - first) / step) + 1);
        var counts = new double[groupCount][bins];
        for (int i = 0; i < values.length; i++) {
            if (Double.isFinite(values[i])) {
                int bin = (int) Math.floor((values[i] - first) / step + 1e-9);
                counts[groups[i]][Math.max(0, Math.min(bins - 1, bin))]++;
            }
        }
        var ranges = new ArrayList<String>();
        for (int bin = 0; bin < bins; bin++) {
            String from = Text.number(tidy(first + bin * step, step));
            boolean open = bin == bins - 1 && sorted[sorted.length - 1] >= first + bins * step;
            String to = Text.number(tidy(first + (bin + 1) * step, step) - (whole ? 1 : 0));
            ranges.add(open ? from + " and more" : whole && step == 1 ? from : from + " to " + to);
        }
        return new Histogram(
                ranges,
                Arrays.stream(counts)
                        .map(row -> Arrays.stream(row).boxed().toList())
                        .toList());
    }

    private static double tidy(double value, double step) {
        double grain = step / 1000;
        return Math.rint(value / grain) * grain;
    }

    private static double roundStep(double raw, boolean whole) {
        if (!(raw > 0)) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = IntStream.of(1, 2, 5, 10)
                .mapToDouble(n -> n * power)
                .filter(s -> s >= raw * 0.999)
                .findFirst()
                .orElse(10 * power);
        return whole ? Math.max(1, Math.rint(step)) : step;
    }
}
