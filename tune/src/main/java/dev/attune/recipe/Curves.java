package dev.attune.recipe;

import dev.attune.files.AtomicFile;
import dev.attune.training.MetricsRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Loss and accuracy over a run, as loss.png, loss.svg, accuracy.png and accuracy.svg. */
final class Curves {
    private Curves() {}

    static void write(Path folder, List<MetricsRow> rows) {
        var loss = chart("Loss", "mean loss");
        add(loss, "training (batches)", rows, MetricsRow::loss);
        add(loss, "training (sample)", rows, MetricsRow::trainLoss);
        add(loss, "validation", rows, MetricsRow::evalLoss);
        save(folder, "loss", loss);

        var accuracy = chart("Accuracy", "share predicted right");
        add(accuracy, "training (batches)", rows, MetricsRow::accuracy);
        add(accuracy, "training (sample)", rows, MetricsRow::trainAccuracy);
        add(accuracy, "validation", rows, MetricsRow::evalAccuracy);
        accuracy.getStyler().setYAxisMax(1.0);
        save(folder, "accuracy", accuracy);
    }

    private static XYChart chart(String title, String yAxis) {
        var chart = new XYChartBuilder()
                .width(800)
                .height(500)
                .title(title)
                .xAxisTitle("epoch")
                .yAxisTitle(yAxis)
                .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        chart.getStyler().setChartBackgroundColor(java.awt.Color.WHITE);
        chart.getStyler().setXAxisMin(0.0);
        return chart;
    }

    private static void add(
            XYChart chart, String name, List<MetricsRow> rows, Function<MetricsRow, @Nullable Double> figure) {
        var x = new ArrayList<Double>();
        var y = new ArrayList<Double>();
        for (MetricsRow row : rows) {
            Double value = figure.apply(row);
            if (value != null) {
                x.add(row.epoch());
                y.add(value);
            }
        }
        if (!x.isEmpty()) {
            var series = chart.addSeries(name, x, y);
            series.setMarker(x.size() > 30 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
        }
    }

    /** Both forms of a chart, each written whole. */
    static void save(Path folder, String name, Chart<?, ?> chart) {
        for (String format : List.of("png", "svg")) {
            AtomicFile.write(folder.resolve(name + "." + format), file -> {
                try (var out = Files.newOutputStream(file)) {
                    ChartEncoder.saveChart(chart, out, format);
                }
            });
        }
    }
}
