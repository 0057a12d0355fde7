package dev.attune.explore.report;

import dev.attune.explore.baseline.Baselines;
import dev.attune.explore.baseline.Labelled;
import dev.attune.explore.table.ClassBalance;
import dev.attune.explore.table.ColumnProfile;
import dev.attune.explore.table.Correlations;
import dev.attune.explore.table.ScaleCheck;
import dev.attune.explore.table.Scaler;
import dev.attune.explore.table.Table;
import dev.attune.explore.table.TableProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The report of a table of numbers, words or both. */
public final class TableReport {
    private static final int SAMPLED = 100_000;
    private static final int BASELINE_ROWS = 5000;
    private static final int MOST_CLASSES = 50;
    private static final int DISTRIBUTIONS = 12;
    private static final int CORRELATED = 40;
    private static final double STRONG = 0.9;
    private static final int COLUMNS_TOLD = 8;

    private final Table table;
    private final ReportOptions options;
    private final @Nullable String label;
    private final TableProfile profile;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();

    private TableReport(Table table, ReportOptions options) {
        this.table = table;
        this.options = options;
        profile = TableProfile.of(table);
        label = classes(table, profile);
    }

    /** Looks at a table; what its rows are held together by are its columns of numbers, scaled. */
    public static Exploration of(Table table, ReportOptions options) {
        return new TableReport(table, options).explore();
    }

    /** The label, when it is one of classes. */
    private static @Nullable String classes(Table table, TableProfile profile) {
        String label = table.label();
        return profile.columns().stream()
                        .anyMatch(column -> column.name().equals(label)
                                && column.distinct() > 1
                                && column.distinct() <= MOST_CLASSES)
                ? label
                : null;
    }

    private Exploration explore() {
        sections.add(columns());
        if (label != null) {
            sections.add(BalanceSection.of(ClassBalance.of(table, label), findings));
        }
        var scales = ScaleCheck.of(profile, label);
        var features = scales.columns().stream().map(ScaleCheck.Advice::column).toList();
        List<Exploration.Flagged> flagged = List.of();
        if (features.isEmpty()) {
            return new Exploration(report(), flagged);
        }
        double[][] numbers = table.numbers(features, SAMPLED);
        @Nullable List<String> labels = label == null ? null : named(table.words(label, SAMPLED));
        sections.add(distributions(features, numbers, labels));
        sections.add(correlations());
        sections.add(scales(scales));
        double[][] scaled = scaled(numbers);
        var points = new Points(
                Arrays.asList(scaled),
                table.rowNumbers(SAMPLED),
                told(features, numbers),
                label == null ? "label" : label,
                labels,
                features);
        if (scaled.length >= 20) {
            var landscape = new Landscape(points, options);
            sections.addAll(landscape.sections());
            flagged = landscape.flagged();
            findings.addAll(landscape.findings());
        }
        if (labels != null && options.folds() > 0) {
            int[] chosen = Points.Drawing.of(scaled.length, BASELINE_ROWS, options.seed());
            var some = Points.pick(labels, chosen);
            BaselineSection.of(
                            Baselines.tables(options.seed()),
                            new Labelled<>(
                                    Points.pick(Arrays.asList(scaled), chosen),
                                    Points.ids(some),
                                    some.stream().distinct().sorted().toList()),
                            options,
                            findings)
                    .ifPresent(sections::add);
        }
        return new Exploration(report(), flagged);
    }

    private Report report() {
        long missing =
                profile.columns().stream().mapToLong(ColumnProfile::missing).sum();
        double cells = (double) profile.rows() * profile.columns().size();
        return new Report(
                profile.name(),
                Text.count(profile.rows(), "row", "rows") + " of "
                        + Text.count(profile.columns().size(), "column", "columns")
                        + (label == null ? "" : "; " + label + " is the label"),
                List.of(
                        new Report.Figure("rows", Text.count(profile.rows()), ""),
                        new Report.Figure(
                                "columns",
                                Text.count(profile.columns().size()),
                                table.numeric().size() + " of numbers"),
                        new Report.Figure(
                                "missing",
                                Text.share(cells == 0 ? 0 : missing / cells),
                                Text.count(missing, "cell", "cells")),
                        new Report.Figure("duplicates", Text.count(profile.duplicateRows()), "rows")),
                findings,
                sections,
                "Made by Attune. Seed " + options.seed() + ".");
    }

    private Section columns() {
        var columns = DataTable.of(
                "Columns",
                "Outliers lie further outside of the quartiles than 1.5 times their distance.",
                "column",
                "kind",
                "#missing",
                "#distinct",
                "#mean",
                "#std",
                "#min",
                "#median",
                "#max",
                "#outliers");
        var odd = DataTable.of(
                "Odd values", "What stands in a column of numbers and is none.", "column", "#rows", "values");
        boolean anyOdd = false;
        for (ColumnProfile column : profile.columns()) {
            var numbers = column.numbers();
            columns.row(
                    column.name(),
                    column.kind().name().toLowerCase(Locale.ROOT),
                    column.missing() == 0 ? "0" : Text.share((double) column.missing() / profile.rows()),
                    Text.count(column.distinct()),
                    numbers == null ? "" : Text.number(numbers.mean()),
                    numbers == null || numbers.std() == null ? "" : Text.number(numbers.std()),
                    numbers == null ? "" : Text.number(numbers.min()),
                    numbers == null ? "" : Text.number(numbers.p50()),
                    numbers == null ? "" : Text.number(numbers.max()),
                    numbers == null ? "" : Text.count(numbers.iqrOutliers()));
            if (column.oddCount() > 0) {
                anyOdd = true;
                odd.row(
                        column.name(),
                        Text.count(column.oddCount()),
                        String.join(
                                ", ",
                                column.odd().stream()
                                        .map(v -> Text.clipped(v.value(), 30))
                                        .toList()));
                findings.add(new Finding(
                        Finding.Level.WARNING,
                        "Column " + column.name() + " holds numbers, but "
                                + Text.count(column.oddCount(), "value is", "values are") + " none.",
                        "columns"));
            }
            if (column.missing() > 0.05 * profile.rows()) {
                findings.add(new Finding(
                        Finding.Level.WARNING,
                        Text.share((double) column.missing() / profile.rows()) + " of column " + column.name()
                                + " are missing.",
                        "columns"));
            }
        }
        if (profile.duplicateRows() > 0) {
            findings.add(new Finding(
                    Finding.Level.WARNING,
                    Text.count(
                                    profile.duplicateRows(),
                                    "row is the same as an earlier one",
                                    "rows are the same as earlier ones")
                            + ".",
                    "columns"));
        }
        return new Section(
                "columns",
                "Columns",
                Text.count(profile.incompleteRows(), "row lacks", "rows lack") + " a value or more.",
                anyOdd ? List.of(columns.build(), odd.build()) : List.of(columns.build()));
    }

    private Section distributions(List<String> features, double[][] numbers, @Nullable List<String> labels) {
        var groups = labels == null ? null : Scatter.Colouring.byName("", labels);
        boolean grouped = groups != null && groups.groups().size() <= 6;
        int[] ids = grouped && groups != null
                ? groups.members().stream().mapToInt(Integer::intValue).toArray()
                : new int[numbers.length];
        List<String> names = grouped && groups != null ? groups.groups() : List.of("rows");
        var blocks = new ArrayList<Block>();
        for (int c = 0; c < Math.min(DISTRIBUTIONS, features.size()); c++) {
            int column = c;
            double[] values =
                    Arrays.stream(numbers).mapToDouble(row -> row[column]).toArray();
            var histogram = Histogram.of(values, ids, names.size(), 30);
            double[] sorted =
                    Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
            blocks.add(new Bars(
                    "distribution-" + (c + 1),
                    features.get(c),
                    "Half of the values lie between " + Text.number(sorted[sorted.length / 4]) + " and "
                            + Text.number(sorted[sorted.length * 3 / 4]) + ".",
                    features.get(c),
                    "rows",
                    histogram.ranges(),
                    IntStream.range(0, histogram.counts().size())
                            .mapToObj(g -> new Bars.Series(
                                    names.get(g), histogram.counts().get(g)))
                            .toList(),
                    false,
                    true));
        }
        return new Section(
                "distributions",
                "Distributions",
                features.size() > DISTRIBUTIONS
                        ? "The first " + DISTRIBUTIONS + " of " + features.size() + " columns of numbers."
                        : "",
                blocks);
    }

    private Section correlations() {
        var correlations = Correlations.of(table);
        int shown = Math.min(CORRELATED, correlations.columns().size());
        var names = correlations.columns().subList(0, shown);
        var pairs = DataTable.of("Strongest pairs", "", "one", "other", "#Pearson", "#Spearman");
        var strongest = correlations.pairs().stream().limit(30).toList();
        for (var pair : strongest) {
            pairs.row(pair.a(), pair.b(), r(pair.pearson()), r(pair.spearman()));
            if (Math.abs(pair.pearson() == null ? 0 : pair.pearson()) >= STRONG) {
                findings.add(new Finding(
                        Finding.Level.NOTE,
                        pair.a() + " and " + pair.b() + " tell nearly the same (Pearson " + r(pair.pearson()) + ").",
                        "correlation"));
            }
        }
        String summary = strongest.isEmpty()
                ? "There is one column only."
                : "Strongest: " + strongest.get(0).a() + " and "
                        + strongest.get(0).b() + ", " + r(strongest.get(0).pearson()) + ".";
        return new Section(
                "correlation",
                "Correlation",
                "Pearson's coefficient, -1 to 1; Spearman's of the ranks beside it.",
                List.of(
                        new Matrix(
                                "correlation-matrix",
                                "Correlation of the columns",
                                summary,
                                "column",
                                "column",
                                names,
                                names,
                                correlations.pearson().subList(0, shown).stream()
                                        .map(row -> row.subList(0, shown))
                                        .toList(),
                                Matrix.Scale.SIGNED,
                                "",
                                List.of()),
                        pairs.build()));
    }

    private static String r(@Nullable Double coefficient) {
        return coefficient == null ? "–" : String.format(Locale.ROOT, "%.2f", coefficient);
    }

    private Section scales(ScaleCheck check) {
        var advice = DataTable.of("Scales", "", "column", "#std", "scale it", "scaler", "why");
        check.columns()
                .forEach(c -> advice.row(
                        c.column(),
                        Text.number(c.std()),
                        c.needed() ? "yes" : "no need",
                        c.scaler().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        c.why()));
        long needed = check.columns().stream().filter(ScaleCheck.Advice::needed).count();
        if (needed > 0) {
            findings.add(new Finding(
                    Finding.Level.NOTE,
                    "The widest column spreads " + Text.count(Math.round(check.ratio()))
                            + " times as far as the narrowest: scale " + Text.count(needed, "column", "columns")
                            + " before methods that measure distances.",
                    "scales"));
        }
        var told = new ArrayList<String>();
        if (!check.constant().isEmpty()) {
            told.add("Without variation: " + String.join(", ", check.constant()) + ".");
        }
        if (!check.rowNumbers().isEmpty()) {
            told.add("Row numbers, left out: " + String.join(", ", check.rowNumbers()) + ".");
        }
        return new Section("scales", "Scales", String.join(" ", told), List.of(advice.build()));
    }

    /** Standard scores, the mean where a value is missing. */
    private static double[][] scaled(double[][] numbers) {
        return Arrays.stream(Scaler.fit(Scaler.Method.STANDARD, numbers).transform(numbers))
                .map(row -> Arrays.stream(row).map(v -> Double.isNaN(v) ? 0 : v).toArray())
                .toArray(double[][]::new);
    }

    private static List<String> named(List<@Nullable String> words) {
        return words.stream().map(word -> word == null ? "none" : word).toList();
    }

    private List<String> told(List<String> features, double[][] numbers) {
        var words = table.text().stream()
                .map(column -> named(table.words(column, SAMPLED)))
                .toList();
        return IntStream.range(0, numbers.length)
                .mapToObj(r -> {
                    var told = new ArrayList<String>();
                    words.forEach(column -> told.add(column.get(r)));
                    for (int c = 0; c < Math.min(COLUMNS_TOLD, features.size()); c++) {
                        told.add(features.get(c) + " "
                                + (Double.isNaN(numbers[r][c]) ? "–" : Text.number(numbers[r][c])));
                    }
                    return String.join(", ", told);
                })
                .toList();
    }
}
