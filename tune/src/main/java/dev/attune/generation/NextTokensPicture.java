package dev.attune.generation;

import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.style.Styler;

/** The likeliest next tokens as bars: what the model gives each, and the chance to be chosen. */
public final class NextTokensPicture {
    private static final int WIDTH = 800;
    private static final int BAR = 44;
    private static final int AROUND = 170;
    /** More of a prompt does not fit above the bars. */
    private static final int TITLE = 60;

    private NextTokensPicture() {}

    /**
     * Draws a file; its ending says which kind.
     *
     * @throws InputException if that is neither .png nor .svg
     */
    public static void write(NextTokens next, Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        String format = List.of("png", "svg").stream()
                .filter(kind -> name.endsWith("." + kind))
                .findFirst()
                .orElseThrow(() -> new InputException("A picture is a .png or an .svg file, not " + file + "."));
        var chart = new HorizontalBarChartBuilder()
                .width(WIDTH)
                .height(AROUND + BAR * next.candidates().size())
                .title(title(next.prompt()))
                .xAxisTitle("probability")
                .build();
        var style = chart.getStyler();
        style.setChartBackgroundColor(Color.WHITE);
        style.setXAxisMin(0.0);
        style.setLegendPosition(Styler.LegendPosition.OutsideS);
        style.setLegendLayout(Styler.LegendLayout.Horizontal);
        // The chart asks the x axis's hint for the labels of the y axis too, and leaves some out where it is larger
        // than a bar.
        style.setXAxisTickMarkSpacingHint(BAR - 4);
        var candidates = next.candidates();
        // A label must be there once only; ids are.
        var labels =
                candidates.stream().map(c -> c.quoted() + "  (" + c.id() + ")").toList();
        chart.addSeries(
                "probability",
                candidates.stream().map(NextTokens.Candidate::probability).toList(),
                labels);
        chart.addSeries(
                "chance under the options",
                candidates.stream().map(NextTokens.Candidate::chance).toList(),
                labels);
        AtomicFile.write(file, temporary -> {
            try (var out = Files.newOutputStream(temporary)) {
                ChartEncoder.saveChart(chart, out, format);
            }
        });
    }

    private static String title(String prompt) {
        String line = prompt.strip().replaceAll("\\s+", " ");
        int length = line.codePointCount(0, line.length());
        return length <= TITLE ? line + " …" : "… " + line.substring(line.offsetByCodePoints(0, length - TITLE)) + " …";
    }
}
