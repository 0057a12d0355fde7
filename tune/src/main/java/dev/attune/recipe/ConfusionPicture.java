package dev.attune.recipe;

import dev.attune.evaluation.Evaluation;
import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.knowm.xchart.HeatMapChartBuilder;

/** The confusion matrix as confusion.png and confusion.svg: truth from top to bottom, predictions from left to right. */
final class ConfusionPicture {
    /** Up to so many classes the cells are large enough for their numbers. */
    private static final int NUMBERED = 12;

    private ConfusionPicture() {}

    static void write(Path folder, Evaluation evaluation) {
        var labels = evaluation.labels();
        int classes = labels.size();
        int side = Math.min(1600, 360 + 90 * Math.min(classes, NUMBERED) + 8 * classes);
        var chart = new HeatMapChartBuilder()
                .width(side + 80)
                .height(side)
                .title("Confusion matrix (" + evaluation.n() + " texts)")
                .xAxisTitle("predicted")
                .yAxisTitle("true")
                .build();
        var style = chart.getStyler();
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotContentSize(1);
        style.setShowValue(classes <= NUMBERED);
        style.setHeatMapValueDecimalPattern("#");
        style.setRangeColors(new Color[] {Color.WHITE, new Color(0x3B, 0x7D, 0xB8)});
        style.setXAxisLabelRotation(classes > 6 ? 90 : 0);

        // The chart's y axis points up, so the first label goes last.
        var upward = IntStream.range(0, classes)
                .mapToObj(i -> labels.get(classes - 1 - i))
                .toList();
        var cells = new ArrayList<Number[]>();
        for (int truth = 0; truth < classes; truth++) {
            for (int predicted = 0; predicted < classes; predicted++) {
                cells.add(new Number[] {
                    predicted,
                    classes - 1 - truth,
                    evaluation.confusion().get(truth).get(predicted)
                });
            }
        }
        chart.addSeries("texts", labels, upward, cells);
        Curves.save(folder, "confusion", chart);
    }
}
