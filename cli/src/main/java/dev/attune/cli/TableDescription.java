package dev.attune.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.attune.explore.table.ClassBalance;
import dev.attune.explore.table.ColumnProfile;
import dev.attune.explore.table.Correlations;
import dev.attune.explore.table.NumberSummary;
import dev.attune.explore.table.ScaleCheck;
import dev.attune.explore.table.TableProfile;
import dev.attune.explore.table.ValueCount;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is in a table, for the terminal and as JSON.
 *
 * @param balance null where no column is known to be the label, or it has too many values for classes
 * @param correlations null where there are too many columns
 */
record TableDescription(
        TableProfile profile,
        ScaleCheck scale,
        @Nullable ClassBalance balance,
        @Nullable Correlations correlations) {
    private static final int COLUMNS_SHOWN = 60;
    private static final int SHOWN = 10;
    private static final int CORRELATED = 100;
    private static final int CLASSES = 100;
    private static final int CELL = 24;

    /** Counts in DuckDB. */
    static TableDescription of(dev.attune.explore.table.Table table) {
        var profile = TableProfile.of(table);
        String label = table.label();
        long values = profile.columns().stream()
                .filter(column -> column.name().equals(label))
                .mapToLong(ColumnProfile::distinct)
                .findFirst()
                .orElse(0);
        return new TableDescription(
                profile,
                ScaleCheck.of(profile, label),
                label == null || values == 0 || values > CLASSES ? null : ClassBalance.of(table, label),
                table.numeric().size() > CORRELATED ? null : Correlations.of(table));
    }

    JsonNode json() {
        var object = new LinkedHashMap<String, Object>();
        object.put("name", profile.name());
        object.put("rows", profile.rows());
        object.put("duplicate_rows", profile.duplicateRows());
        object.put("incomplete_rows", profile.incompleteRows());
        object.put("columns", profile.columns());
        object.put("balance", balance);
        object.put("scale", scale);
        object.put("correlations", correlations);
        return Json.snakeCase(object);
    }

    void print(PrintWriter out) {
        int columns = profile.columns().size();
        out.println(profile.name() + ": " + count(profile.rows(), "row") + ", " + count(columns, "column"));
        out.println();
        columnTable().print(out);
        if (columns > COLUMNS_SHOWN) {
            out.println("... and " + (columns - COLUMNS_SHOWN) + " more columns; --json tells of all.");
        }
        out.println();
        printMissing(out);
        printOdd(out);
        out.println(count(profile.duplicateRows(), "row") + " the same as an earlier one.");
        printScale(out);
        printBalance(out);
        printCorrelations(out);
    }

    private Table columnTable() {
        var table = new Table()
                .row(
                        "column",
                        "kind",
                        "values",
                        "missing",
                        "distinct",
                        "mean",
                        "std",
                        "min",
                        "25%",
                        "50%",
                        "75%",
                        "max",
                        "outliers",
                        "most frequent");
        for (var column : profile.columns()
                .subList(0, Math.min(COLUMNS_SHOWN, profile.columns().size()))) {
            NumberSummary n = column.numbers();
            String kind = column.kind().name().toLowerCase(Locale.ROOT);
            String name = Terminal.oneLine(column.name(), CELL);
            if (n == null) {
                table.row(
                        name,
                        kind,
                        column.count(),
                        column.missing(),
                        column.distinct(),
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        top(column));
            } else {
                table.row(
                        name,
                        kind,
                        column.count(),
                        column.missing(),
                        column.distinct(),
                        figure(n.mean()),
                        n.std() == null ? "" : figure(n.std()),
                        figure(n.min()),
                        figure(n.p25()),
                        figure(n.p50()),
                        figure(n.p75()),
                        figure(n.max()),
                        n.iqrOutliers(),
                        top(column));
            }
        }
        return table;
    }

    private static String top(ColumnProfile column) {
        if (column.top().isEmpty()) {
            return "";
        }
        ValueCount first = column.top().get(0);
        return Terminal.oneLine(first.value(), CELL) + " (" + first.count() + ")";
    }

    private void printMissing(PrintWriter out) {
        var missing = profile.columns().stream()
                .filter(column -> column.missing() > 0)
                .toList();
        if (missing.isEmpty()) {
            out.println("No value is missing.");
            return;
        }
        out.println(count(profile.incompleteRows(), "row") + " with a missing value:");
        missing.stream()
                .limit(SHOWN)
                .forEach(column -> out.println("  " + Terminal.oneLine(column.name(), CELL) + ": " + column.missing()
                        + spelled(column.missingAs())));
        more(out, missing.size());
    }

    private static String spelled(List<ValueCount> values) {
        if (values.isEmpty()) {
            return "";
        }
        return values.stream()
                .map(value -> (value.value().isEmpty() ? "empty" : "'" + Terminal.oneLine(value.value(), CELL) + "'")
                        + " " + value.count())
                .collect(Collectors.joining(", ", " (", ")"));
    }

    private void printOdd(PrintWriter out) {
        var odd = profile.columns().stream()
                .filter(column -> column.oddCount() > 0)
                .toList();
        if (!odd.isEmpty()) {
            out.println("No numbers in columns of numbers, taken as missing:");
            odd.stream()
                    .limit(SHOWN)
                    .forEach(column -> out.println("  " + Terminal.oneLine(column.name(), CELL) + ": "
                            + column.oddCount() + spelled(column.odd())));
            more(out, odd.size());
        }
    }

    private static void more(PrintWriter out, int all) {
        if (all > SHOWN) {
            out.println("  ... and " + (all - SHOWN) + " more columns");
        }
    }

    private void printScale(PrintWriter out) {
        if (!scale.constant().isEmpty()) {
            out.println("One value only: " + names(scale.constant()) + ".");
        }
        if (!scale.rowNumbers().isEmpty()) {
            out.println("Row numbers: " + names(scale.rowNumbers()) + ".");
        }
        var needed = scale.columns().stream().filter(ScaleCheck.Advice::needed).toList();
        if (needed.isEmpty()) {
            out.println("Columns are of a like scale.");
            return;
        }
        out.println(
                "To be scaled before distances and gradients (widest over narrowest: " + figure(scale.ratio()) + "):");
        needed.stream()
                .limit(SHOWN)
                .forEach(advice -> out.println("  " + Terminal.oneLine(advice.column(), CELL) + ": "
                        + advice.scaler().name().toLowerCase(Locale.ROOT).replace('_', '-') + ", " + advice.why()));
        more(out, needed.size());
    }

    private static String names(List<String> columns) {
        String some = columns.stream()
                .limit(SHOWN)
                .map(name -> Terminal.oneLine(name, CELL))
                .collect(Collectors.joining(", "));
        return columns.size() > SHOWN ? some + " and " + (columns.size() - SHOWN) + " more" : some;
    }

    private void printBalance(PrintWriter out) {
        if (balance == null) {
            return;
        }
        out.println();
        var table = new Table().row(Terminal.oneLine(balance.label(), CELL), "rows", "share");
        balance.classes().stream()
                .limit(2L * SHOWN)
                .forEach(c -> table.row(
                        Terminal.oneLine(c.name(), CELL),
                        c.rows(),
                        String.format(Locale.ROOT, "%.2f%%", 100 * c.share())));
        table.print(out);
        if (balance.classes().size() > 2 * SHOWN) {
            out.println("... and " + (balance.classes().size() - 2 * SHOWN) + " more classes");
        }
    }

    private void printCorrelations(PrintWriter out) {
        out.println();
        if (correlations == null) {
            out.println("Correlations are left out beyond " + CORRELATED + " columns of numbers; --sql takes some.");
            return;
        }
        var pairs = correlations.pairs();
        if (pairs.isEmpty()) {
            return;
        }
        var table = new Table().row("strongest correlations", "", "Pearson", "Spearman");
        pairs.stream()
                .limit(SHOWN)
                .forEach(pair -> table.row(
                        Terminal.oneLine(pair.a(), CELL),
                        Terminal.oneLine(pair.b(), CELL),
                        coefficient(pair.pearson()),
                        coefficient(pair.spearman())));
        table.print(out);
    }

    private static String coefficient(@Nullable Double r) {
        return r == null ? "" : String.format(Locale.ROOT, "%+.3f", r);
    }

    private static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    /** Four significant digits, without an exponent where it is short enough. */
    private static String figure(double value) {
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e9) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        if (size >= 1e7 || size < 1e-3) {
            return String.format(Locale.ROOT, "%.3e", value);
        }
        return String.format(Locale.ROOT, "%." + Math.max(0, 3 - (int) Math.floor(Math.log10(size))) + "f", value);
    }
}
