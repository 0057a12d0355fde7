package dev.attune.explore.baseline;

import dev.attune.explore.table.Column;
import dev.attune.explore.table.Kind;
import dev.attune.explore.table.ScaleCheck;
import dev.attune.explore.table.Table;
import dev.attune.explore.table.TableProfile;
import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A table's columns as features: numbers as they are (NaN where one is missing), categories and yes or no as a 1 in the column
 * of their value.
 *
 * @param names of the features, such as {@code age} and {@code team=billing}
 * @param skipped columns that are none: texts, dates, identifiers, row numbers, mixed and empty ones
 */
public record TableFeatures(List<String> names, List<double[]> rows, List<String> skipped) {
    /** Rarer values of a category have no feature of their own. */
    private static final int VALUES = 30;

    /** Whole numbers of more values than this are amounts, not classes. */
    private static final int CLASSES = 20;

    public TableFeatures {
        names = List.copyOf(names);
        rows = List.copyOf(rows);
        skipped = List.copyOf(skipped);
    }

    /**
     * What is to be predicted from the other columns.
     *
     * @param labelled the classes; null where {@code numbers} are predicted
     * @param numbers one for each row
     * @param features of the rows that have a target
     */
    public record Task(
            TableFeatures features,
            @Nullable Labelled<double[]> labelled,
            @Nullable List<Double> numbers) {}

    /** Whether a column is predicted as a number: fractions, or whole numbers of more than {@value #CLASSES} values. */
    public static boolean isAmount(Table table, String target) {
        var kind = kind(table, target);
        return kind == Kind.DECIMAL
                || (kind == Kind.INTEGER
                        && table.words(target).stream()
                                        .filter(Objects::nonNull)
                                        .distinct()
                                        .limit(CLASSES + 1)
                                        .count()
                                > CLASSES);
    }

    /**
     * The task of predicting a column. Rows without a target are left out.
     *
     * @param asNumber predict a number, else a class
     * @throws InputException when the column is missing or has no values, or no other column is a feature
     */
    public static Task of(Table table, String target, boolean asNumber) {
        var kind = kind(table, target);
        if (asNumber && !kind.isNumeric()) {
            throw new InputException("Column '" + target + "' of " + table.name() + " holds no numbers to predict.");
        }
        var words = table.words(target);
        int[] there = IntStream.range(0, words.size())
                .filter(row -> words.get(row) != null)
                .toArray();
        if (there.length == 0) {
            throw new InputException("Column '" + target + "' of " + table.name() + " has no values to predict.");
        }
        var all = of(table, target);
        var rows = IntStream.of(there).mapToObj(all.rows::get).toList();
        var features = new TableFeatures(all.names, rows, all.skipped);
        if (asNumber) {
            double[][] numbers = table.numbers(List.of(target));
            return new Task(
                    features,
                    null,
                    IntStream.of(there).mapToObj(row -> numbers[row][0]).toList());
        }
        var names = IntStream.of(there)
                .mapToObj(row -> Objects.requireNonNull(words.get(row)))
                .distinct()
                .sorted()
                .toList();
        Map<String, Integer> ids = new HashMap<>();
        names.forEach(name -> ids.put(name, ids.size()));
        int[] labels = IntStream.of(there)
                .map(row -> Objects.requireNonNull(ids.get(words.get(row))))
                .toArray();
        return new Task(features, new Labelled<>(rows, labels, names), null);
    }

    private static Kind kind(Table table, String column) {
        return table.columns().stream()
                .filter(other -> other.name().equals(column))
                .findFirst()
                .map(Column::kind)
                .orElseThrow(() -> new InputException(table.name() + " has no column '" + column + "'; its columns are "
                        + table.columns().stream().map(Column::name).limit(20).collect(Collectors.joining(", "))
                        + "."));
    }

    private static TableFeatures of(Table table, String target) {
        var rowNumbers = ScaleCheck.of(TableProfile.of(table), target).rowNumbers();
        var names = new ArrayList<String>();
        var values = new ArrayList<double[]>();
        var skipped = new ArrayList<String>();
        var numeric = table.columns().stream()
                .filter(column -> column.kind().isNumeric()
                        && !column.name().equals(target)
                        && !rowNumbers.contains(column.name()))
                .map(Column::name)
                .toList();
        if (!numeric.isEmpty()) {
            double[][] rows = table.numbers(numeric);
            for (int c = 0; c < numeric.size(); c++) {
                int column = c;
                names.add(numeric.get(c));
                values.add(IntStream.range(0, rows.length)
                        .mapToDouble(row -> rows[row][column])
                        .toArray());
            }
        }
        for (Column column : table.columns()) {
            if (column.name().equals(target) || numeric.contains(column.name())) {
                continue;
            }
            if (column.kind() == Kind.CATEGORY || column.kind() == Kind.BOOLEAN) {
                addOneHot(column, table.words(column.name()), names, values);
            } else {
                skipped.add(column.name());
            }
        }
        if (names.isEmpty()) {
            throw new InputException(
                    table.name() + " has no columns of numbers or categories to predict " + target + " from.");
        }
        var rows = IntStream.range(0, Math.toIntExact(table.rows()))
                .mapToObj(row ->
                        values.stream().mapToDouble(column -> column[row]).toArray())
                .toList();
        return new TableFeatures(names, rows, skipped);
    }

    private static void addOneHot(
            Column column, List<@Nullable String> words, List<String> names, List<double[]> values) {
        Map<String, Long> counts =
                words.stream().filter(Objects::nonNull).collect(Collectors.groupingBy(w -> w, Collectors.counting()));
        var frequent = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(VALUES)
                .map(Map.Entry::getKey)
                .toList();
        // Of two values one says it all.
        for (String value : frequent.subList(0, frequent.size() == 2 ? 1 : frequent.size())) {
            names.add(column.name() + "=" + value);
            values.add(words.stream()
                    .mapToDouble(word -> value.equals(word) ? 1 : 0)
                    .toArray());
        }
    }
}
