import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/**
 * Draws the ratios of compare.sh's table: how many times as long the peers take. Arguments: a file with the table's lines, and the
 * PNG file to write.
 */
final class Chart {
    private static final int CASE = 1;
    private static final int TUTORIAL = 6;
    private static final int TUNED = 7;

    public static void main(String[] arguments) throws Exception {
        List<String[]> rows = Files.readAllLines(Path.of(arguments[0])).stream()
                .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toArray(String[]::new))
                .filter(cells -> cells.length > TUNED && cells[TUTORIAL].matches("[0-9.]+ \\(.*"))
                .toList();
        var chart = new CategoryChartBuilder()
                .width(1100)
                .height(520)
                .title("Times as fast as transformers and peft")
                .yAxisTitle("their time / Attune's")
                .build();
        var style = chart.getStyler();
        style.setChartBackgroundColor(Color.WHITE);
        style.setYAxisLogarithmic(true);
        style.setYAxisMin(0.5);
        style.setXAxisLabelRotation(30);
        style.setLegendPosition(Styler.LegendPosition.InsideNE);
        var cases = rows.stream().map(cells -> cells[CASE]).toList();
        chart.addSeries("as the tutorials have it", cases, ratios(rows, TUTORIAL));
        chart.addSeries("tuned: bf16, batches of like length, fused AdamW", cases, ratios(rows, TUNED));
        BitmapEncoder.saveBitmap(chart, arguments[1], BitmapEncoder.BitmapFormat.PNG);
    }

    private static List<Double> ratios(List<String[]> rows, int column) {
        var ratios = new ArrayList<Double>();
        for (String[] cells : rows) {
            boolean measured = cells[column].matches("[0-9.]+ \\(.*");
            ratios.add(measured ? Double.valueOf(cells[column].replaceAll(" .*", "")) : null);
        }
        return ratios;
    }
}
