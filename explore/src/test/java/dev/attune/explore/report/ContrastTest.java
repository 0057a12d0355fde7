package dev.attune.explore.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The colours of reports, as their style sheet and script name them, against WCAG 2.2's level AA. */
class ContrastTest {
    private static final double TEXT = 4.5;
    private static final double GRAPHICS = 3;

    private static final List<String> GROUNDS = List.of("page", "card");

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void textsAreReadable(String theme) throws IOException {
        var colours = colours(theme);
        for (String ground : GROUNDS) {
            for (String text : List.of("ink", "soft", "accent", "warn", "good")) {
                assertContrast(colours, text, ground, TEXT);
            }
        }
        for (String ground : List.of("accent-soft", "warn-soft", "good-soft")) {
            assertContrast(colours, "ink", ground, TEXT);
            assertContrast(colours, "accent", ground, TEXT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void bordersOfControlsAndFocusAreSeen(String theme) throws IOException {
        var colours = colours(theme);
        for (String ground : GROUNDS) {
            assertContrast(colours, "strong-line", ground, GRAPHICS);
            assertContrast(colours, "accent", ground, GRAPHICS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void seriesOfChartsAreSeen(String theme) throws IOException {
        String card = Objects.requireNonNull(colours(theme).get("card"));
        var palette = Pattern.compile(theme + ": \\[([^]]*)]").matcher(resource("report.js"));
        assertThat(palette.find()).isTrue();
        String[] series = palette.group(1).replace("'", "").split(", ");
        assertThat(series).hasSize(12);
        for (String colour : series) {
            assertThat(contrast(colour, card)).as(colour + " on " + card).isGreaterThanOrEqualTo(GRAPHICS);
        }
    }

    private static void assertContrast(Map<String, String> colours, String text, String ground, double least) {
        double contrast =
                contrast(Objects.requireNonNull(colours.get(text)), Objects.requireNonNull(colours.get(ground)));
        assertThat(contrast).as(text + " on " + ground).isGreaterThanOrEqualTo(least);
    }

    /** The custom properties of a theme that are colours. */
    private static Map<String, String> colours(String theme) throws IOException {
        String css = resource("report.css");
        String selector = theme.equals("dark") ? ":root[data-theme=\"dark\"] {" : ":root {";
        int from = css.indexOf(selector);
        var property =
                Pattern.compile("--([a-z-]+): (#[0-9a-f]{6});").matcher(css.substring(from, css.indexOf('}', from)));
        var colours = new HashMap<String, String>();
        while (property.find()) {
            colours.put(property.group(1), property.group(2));
        }
        return colours;
    }

    /** WCAG's ratio of two colours' relative luminance. */
    private static double contrast(String one, String other) {
        double[] luminance = {luminance(one), luminance(other)};
        Arrays.sort(luminance);
        return (luminance[1] + 0.05) / (luminance[0] + 0.05);
    }

    private static double luminance(String hex) {
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double value = Integer.parseInt(hex.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            sum += weights[i] * (value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4));
        }
        return sum;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
