package dev.attune.cli;

import dev.attune.explore.report.Bars;
import dev.attune.explore.report.Chart;
import dev.attune.explore.report.Finding;
import dev.attune.explore.report.Lines;
import dev.attune.explore.report.Report;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A report in a screenful: key figures, findings, bars and sparklines. */
final class TerminalReport {
    private static final String BLOCKS = " ▁▂▃▄▅▆▇█";
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";
    private static final int BAR = 30;
    private static final int NAME = 24;
    private static final int SPARK = 40;
    private static final int MOST_BARS = 8;
    private static final int MOST_SPARKS = 6;
    private static final Set<String> SPARKS = Set.of("loss", "accuracy");

    private TerminalReport() {}

    static void print(Report report, PrintWriter out) {
        out.println(Terminal.oneLine(report.title()) + ": " + Terminal.oneLine(report.subtitle()));
        var figures = new Table().row("", "", "");
        report.figures().forEach(f -> figures.row(f.name(), f.value(), f.note()));
        figures.print(out);
        out.println();
        int sparks = 0;
        boolean bars = false;
        for (Chart chart : report.charts()) {
            if (chart instanceof Bars b && b.horizontal() && !bars && b.series().size() == 1) {
                bars(b, out);
                bars = true;
            } else if (chart instanceof Bars b && b.histogram() && sparks < MOST_SPARKS) {
                spark(
                        b.title().contains(b.axis()) ? b.title() : b.title() + " (" + b.axis() + ")",
                        total(b),
                        ends(b),
                        out);
                sparks++;
            } else if (chart instanceof Lines l && SPARKS.contains(l.id())) {
                Lines.Curve curve = l.curves().get(l.curves().size() - 1);
                if (!curve.guide()) {
                    spark(l.title() + " (" + curve.name() + ")", curve.y(), figureEnds(curve.y()), out);
                    sparks++;
                }
            }
        }
        out.println();
        for (Finding finding : report.findings()) {
            out.println((finding.level() == Finding.Level.WARNING ? "! " : "- ") + Terminal.oneLine(finding.text()));
        }
        if (!report.findings().isEmpty()) {
            out.println();
        }
    }

    private static void bars(Bars chart, PrintWriter out) {
        var values = chart.series().get(0).values();
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        out.println(chart.title());
        for (int i = 0; i < Math.min(MOST_BARS, values.size()); i++) {
            String name = Terminal.oneLine(chart.categories().get(i), NAME);
            out.println("  " + name + " ".repeat(NAME - name.codePointCount(0, name.length()) + 1)
                    + bar(most <= 0 ? 0 : values.get(i) / most) + " " + figure(values.get(i)));
        }
        if (values.size() > MOST_BARS) {
            out.println("  and " + (values.size() - MOST_BARS) + " more");
        }
    }

    /** A bar in eighths of a character, padded. */
    static String bar(double share) {
        int eighths = (int) Math.round(Math.max(0, share) * BAR * 8);
        String full = "█".repeat(eighths / 8);
        String rest = eighths % 8 == 0 ? "" : String.valueOf(EIGHTHS.charAt(eighths % 8));
        return full + rest + " ".repeat(BAR - full.length() - rest.length());
    }

    private static void spark(String name, List<Double> values, String ends, PrintWriter out) {
        String shown = Terminal.oneLine(name, NAME + 8);
        out.println("  " + shown + " ".repeat(NAME + 9 - shown.codePointCount(0, shown.length())) + sparkline(values)
                + "  " + ends);
    }

    /** A line of blocks, one a value; of more than fit, means of neighbours. */
    static String sparkline(List<Double> values) {
        int width = Math.min(SPARK, values.size());
        var means = new double[width];
        for (int i = 0; i < width; i++) {
            means[i] = values.subList(i * values.size() / width, (i + 1) * values.size() / width).stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElse(0);
        }
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double mean : means) {
            low = Math.min(low, mean);
            high = Math.max(high, mean);
        }
        double base = low >= 0 && low < high / 4 ? 0 : low;
        var line = new StringBuilder();
        for (double mean : means) {
            double share = high > base ? (mean - base) / (high - base) : 0;
            line.append(BLOCKS.charAt(
                    mean == 0 && base == 0 ? 0 : 1 + (int) Math.round(share * (BLOCKS.length() - 2))));
        }
        return line.toString();
    }

    private static List<Double> total(Bars chart) {
        return java.util.stream.IntStream.range(0, chart.categories().size())
                .mapToObj(i -> chart.series().stream()
                        .mapToDouble(series -> series.values().get(i))
                        .sum())
                .toList();
    }

    private static String ends(Bars chart) {
        var ranges = chart.categories();
        return ranges.isEmpty() ? "" : ranges.get(0) + " … " + ranges.get(ranges.size() - 1);
    }

    private static String figureEnds(List<Double> values) {
        return figure(values.get(0)) + " … " + figure(values.get(values.size() - 1));
    }

    private static String figure(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.4g", value);
    }
}
