package dev.attune.explore.table;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of numbers have to be brought to a like scale before a method that measures distances or follows
 * gradients (k-means, nearest neighbours, linear models, networks; trees do not care), and how.
 *
 * @param ratio the largest standard deviation over the smallest, among {@code columns}
 * @param columns those that are numbers and vary; neither the label nor row numbers
 * @param constant columns that do not vary, which can be dropped
 * @param rowNumbers columns that count the rows, which tell nothing of them
 */
public record ScaleCheck(double ratio, List<Advice> columns, List<String> constant, List<String> rowNumbers) {
    /** Of standard deviations further apart the wider column decides alone: squared, its weight is a hundredfold. */
    private static final double TOLERATED = 10;
    /** With a larger share of outliers, mean and standard deviation tell of them and not of the rest. */
    private static final double FEW_OUTLIERS = 0.05;
    /** Ratings and yes or no have ends that mean something. */
    private static final int STEPS = 20;

    /**
     * What to do with a column.
     *
     * @param needed whether the columns are too far apart and this is one of those that stand aside: those that do not lie
     *     within tenfold of each other
     * @param scaler the method that suits it
     * @param why in words
     */
    public record Advice(String column, double std, boolean needed, Scaler.Method scaler, String why) {}

    public ScaleCheck {
        columns = List.copyOf(columns);
        constant = List.copyOf(constant);
        rowNumbers = List.copyOf(rowNumbers);
    }

    /**
     * Looks at the standard deviations of a profile.
     *
     * @param label a column that is not looked at
     */
    public static ScaleCheck of(TableProfile profile, @Nullable String label) {
        var numeric = profile.columns().stream()
                .filter(column -> column.numbers() != null && !column.name().equals(label))
                .toList();
        var varying = numeric.stream()
                .filter(column -> std(column) > 0 && !countsRows(column))
                .toList();
        double[] sorted = varying.stream().mapToDouble(ScaleCheck::std).sorted().toArray();
        double ratio = sorted.length == 0 ? 1 : sorted[sorted.length - 1] / sorted[0];
        double median = sorted.length == 0 ? 1 : sorted[(sorted.length - 1) / 2];
        return new ScaleCheck(
                ratio,
                varying.stream()
                        .map(column -> advice(column, median, ratio > TOLERATED))
                        .toList(),
                profile.columns().stream()
                        .filter(ColumnProfile::constant)
                        .map(ColumnProfile::name)
                        .toList(),
                numeric.stream()
                        .filter(ScaleCheck::countsRows)
                        .map(ColumnProfile::name)
                        .toList());
    }

    private static Advice advice(ColumnProfile column, double median, boolean apart) {
        double times = std(column) / median;
        // Whoever is within the root of tenfold on either side of the median is within tenfold of the others there.
        boolean aside = times > Math.sqrt(TOLERATED) || times < 1 / Math.sqrt(TOLERATED);
        boolean needed = apart && aside;
        String why = needed
                ? "standard deviation " + figure(std(column)) + ", " + figure(times) + " times the median column's"
                : "standard deviation within tenfold of the others'";
        var numbers = Objects.requireNonNull(column.numbers());
        double outliers = (double) numbers.iqrOutliers() / column.count();
        if (column.distinct() <= STEPS) {
            return new Advice(column.name(), std(column), needed, Scaler.Method.MIN_MAX, why + "; few steps");
        }
        if (outliers > FEW_OUTLIERS && numbers.p75() > numbers.p25()) {
            String share = String.format(Locale.ROOT, "; %.1f%% outliers", 100 * outliers);
            return new Advice(column.name(), std(column), needed, Scaler.Method.ROBUST, why + share);
        }
        return new Advice(column.name(), std(column), needed, Scaler.Method.STANDARD, why);
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, value >= 1000 && value < 1e12 ? "%,.0f" : "%.3g", value);
    }

    private static boolean countsRows(ColumnProfile column) {
        var numbers = column.numbers();
        return numbers != null
                && column.kind() == Kind.INTEGER
                && column.missing() == 0
                && column.count() > STEPS
                && column.distinct() == column.count()
                && numbers.max() - numbers.min() + 1 == column.count();
    }

    private static double std(ColumnProfile column) {
        var numbers = Objects.requireNonNull(column.numbers());
        return numbers.std() == null ? 0 : numbers.std();
    }
}
