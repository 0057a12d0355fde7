package dev.attune.explore.report;

import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The charts of a report as pictures, drawn by XChart from the same records; sliders have no picture. */
public final class ChartPictures {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;
    private static final int NUMBERED = 12;
    private static final int LABELLED_BARS = 12;
    private static final Color[] COLOURS = IntStream.of(
                    0x1f5f99, 0xc8591b, 0x2d7d53, 0x95346e, 0x6a5aa8, 0x93700a, 0x0b7f86, 0x84402f, 0x5c6773, 0xc2407a,
                    0x4d7c0f, 0x3f51b5)
            .mapToObj(Color::new)
            .toArray(Color[]::new);
    private static final Color GRID = new Color(0xe3e0da);
    private static final Color GUIDE = new Color(0x8a919a);

    private ChartPictures() {}

    /**
     * Writes a file for each chart, named by its id.
     *
     * @param format {@code png} or {@code svg}
     * @return the files
     */
    public static List<Path> write(Report report, Path folder, String format) {
        if (!format.equals("png") && !format.equals("svg")) {
            throw new InputException("'" + format + "' is no format of pictures; they are png and svg.");
        }
        var files = new ArrayList<Path>();
        for (dev.attune.explore.report.Chart described : report.charts()) {
            Chart<?, ?> chart = drawn(described);
            if (chart != null) {
                Path file = folder.resolve(described.id() + "." + format);
                AtomicFile.write(file, temporary -> {
                    try (var out = Files.newOutputStream(temporary)) {
                        ChartEncoder.saveChart(chart, out, format);
                    }
                });
                files.add(file);
            }
        }
        return files;
    }

    private static @Nullable Chart<?, ?> drawn(dev.attune.explore.report.Chart chart) {
        if (chart instanceof Bars bars) {
            return bars.series().isEmpty() || bars.categories().isEmpty()
                    ? null
                    : bars.horizontal() ? beside(bars) : upright(bars);
        }
        if (chart instanceof Lines lines) {
            return lines(lines);
        }
        if (chart instanceof Scatter scatter) {
            return scatter(scatter);
        }
        return chart instanceof Matrix matrix ? matrix(matrix) : null;
    }

    private static Chart<?, ?> upright(Bars bars) {
        var taken = new HashSet<String>();
        var chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(bars.title())
                .xAxisTitle(bars.axis())
                .yAxisTitle(bars.unit())
                .build();
        style(chart.getStyler(), bars.series().size());
        chart.getStyler().setStacked(bars.histogram());
        chart.getStyler().setAvailableSpaceFill(bars.histogram() ? 0.98 : 0.7);
        chart.getStyler().setXAxisLabelRotation(bars.categories().size() > 6 ? 45 : 0);
        chart.getStyler().setXAxisMaxLabelCount(LABELLED_BARS);
        for (Bars.Series series : bars.series()) {
            chart.addSeries(free(series.name(), taken), bars.categories(), series.values());
        }
        return chart;
    }

    private static Chart<?, ?> beside(Bars bars) {
        var taken = new HashSet<String>();
        var chart = new HorizontalBarChartBuilder()
                .width(WIDTH)
                .height(Math.max(
                        240, 130 + 34 * bars.categories().size() * bars.series().size()))
                .title(bars.title())
                .xAxisTitle(bars.unit())
                .build();
        style(chart.getStyler(), bars.series().size());
        // Its axis points up, so the first goes last.
        var upward = reversed(
                bars.categories().stream().map(c -> Text.clipped(c, 32)).toList());
        for (Bars.Series series : bars.series()) {
            chart.addSeries(free(series.name(), taken), reversed(series.values()), upward);
        }
        return chart;
    }

    private static Chart<?, ?> lines(Lines lines) {
        var taken = new HashSet<String>();
        var chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(lines.title())
                .xAxisTitle(lines.xAxis())
                .yAxisTitle(lines.yAxis())
                .build();
        style(chart.getStyler(), lines.curves().size());
        range(chart.getStyler(), lines);
        for (Lines.Curve curve : lines.curves()) {
            var series = chart.addSeries(free(curve.name(), taken), curve.x(), curve.y());
            series.setMarker(curve.x().size() > 40 || curve.guide() ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
            if (curve.guide()) {
                series.setLineColor(GUIDE);
                series.setLineStyle(
                        new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 0, new float[] {6, 5}, 0));
            }
        }
        return chart;
    }

    private static void range(AxesChartStyler style, Lines lines) {
        var x = lines.xRange();
        if (x != null) {
            style.setXAxisMin(x.get(0));
            style.setXAxisMax(x.get(1));
        }
        var y = lines.yRange();
        if (y != null) {
            style.setYAxisMin(y.get(0));
            style.setYAxisMax(y.get(1));
        }
    }

    private static Chart<?, ?> scatter(Scatter scatter) {
        var taken = new HashSet<String>();
        var chart = new XYChartBuilder()
                .width(WIDTH)
                .height(640)
                .title(scatter.title())
                .xAxisTitle(scatter.xAxis())
                .yAxisTitle(scatter.yAxis())
                .build();
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        var groups = scatter.colourings().isEmpty()
                ? new Scatter.Colouring(
                        "", List.of("rows"), scatter.x().stream().map(x -> 0).toList())
                : scatter.colourings().get(0);
        style(chart.getStyler(), groups.groups().size());
        chart.getStyler().setMarkerSize(scatter.x().size() > 1000 ? 4 : 7);
        for (int g = 0; g < groups.groups().size(); g++) {
            int group = g;
            int[] members = IntStream.range(0, scatter.x().size())
                    .filter(i -> groups.members().get(i) == group)
                    .toArray();
            if (members.length > 0) {
                chart.addSeries(
                                free(groups.groups().get(g), taken),
                                Points.pick(scatter.x(), members),
                                Points.pick(scatter.y(), members))
                        .setMarker(SeriesMarkers.CIRCLE);
            }
        }
        for (Scatter.Arrow arrow : scatter.arrows()) {
            var line =
                    chart.addSeries(free("→ " + arrow.name(), taken), List.of(0.0, arrow.x()), List.of(0.0, arrow.y()));
            line.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
            line.setMarker(SeriesMarkers.NONE);
        }
        return chart;
    }

    private static Chart<?, ?> matrix(Matrix matrix) {
        int rows = matrix.rows().size();
        int columns = matrix.columns().size();
        int side = Math.min(1600, 360 + 90 * Math.min(columns, NUMBERED) + 8 * columns);
        var chart = new HeatMapChartBuilder()
                .width(side + 80)
                .height(side)
                .title(matrix.title())
                .xAxisTitle(matrix.columnAxis())
                .yAxisTitle(matrix.rowAxis())
                .build();
        var style = chart.getStyler();
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotContentSize(1);
        style.setShowValue(columns <= NUMBERED);
        boolean counts = matrix.scale() == Matrix.Scale.COUNTS;
        style.setHeatMapValueDecimalPattern(counts ? "#" : "0.00");
        if (counts) {
            style.setRangeColors(new Color[] {Color.WHITE, new Color(0x3B, 0x7D, 0xB8)});
        } else {
            style.setRangeColors(new Color[] {new Color(0xB2, 0x3C, 0x28), Color.WHITE, new Color(0x1f5f99)});
            style.setMin(-1.01); // on the ends themselves XChart finds no colour
            style.setMax(1.01);
        }
        style.setXAxisLabelRotation(columns > 6 ? 90 : 0);
        var cells = new ArrayList<Number[]>();
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                Double value = matrix.values().get(r).get(c);
                cells.add(new Number[] {c, rows - 1 - r, value == null ? (Number) 0 : (Number) value});
            }
        }
        chart.addSeries("values", matrix.columns(), reversed(matrix.rows()), cells);
        return chart;
    }

    private static void style(AxesChartStyler style, int series) {
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setPlotGridLinesColor(GRID);
        style.setSeriesColors(COLOURS);
        style.setLegendVisible(series > 1);
        style.setLegendPosition(Styler.LegendPosition.OutsideE);
        style.setLegendBorderColor(Color.WHITE);
    }

    /** XChart takes no empty name and none twice. */
    private static String free(String name, Set<String> taken) {
        String shown = name.isBlank() ? "(empty)" : Text.clipped(name, 28);
        String free = shown;
        for (int n = 2; !taken.add(free); n++) {
            free = shown + " (" + n + ")";
        }
        return free;
    }

    private static <T> List<T> reversed(List<T> list) {
        return IntStream.range(0, list.size())
                .mapToObj(i -> list.get(list.size() - 1 - i))
                .toList();
    }
}
