package dev.attune.explore.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.files.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
    private static final Exploration TEXTS = Reports.texts(60, Reports.QUICK.withContamination(0.05));

    @TempDir
    Path folder;

    @Test
    void dataHoldsNoCharacterOfMarkup() throws IOException {
        String json = HtmlReport.json(TEXTS.report());
        assertThat(json).doesNotContain("<", ">", "&", "'", "\u2028", "\u2029");
        JsonNode read = new JsonMapper().readTree(json);
        assertThat(read.get("title").textValue()).isEqualTo("<i>texts</i>");
        var texts = new ArrayList<String>();
        read.get("sections").findValue("texts").forEach(text -> texts.add(text.textValue()));
        assertThat(texts).containsAll(Reports.HOSTILE);
    }

    @Test
    void theFileHoldsThreeScriptsAndLoadsNothing() {
        String html = HtmlReport.html(TEXTS.report());
        assertThat(Pattern.compile("<script").matcher(html).results()).hasSize(3);
        assertThat(Pattern.compile("</script").matcher(html).results()).hasSize(3);
        assertThat(html)
                .contains("default-src 'none'; style-src 'sha256-")
                .doesNotContain("<link ", "<script src", "@import");
        assertThat(html).contains("<title>&lt;i&gt;texts&lt;/i&gt;</title>");
    }

    @Test
    void numbersHaveSixDigitsAndNoneIsMissing() {
        var lines = new Lines(
                "l",
                "",
                "",
                "",
                "",
                List.of(new Lines.Curve("c", List.of(1e-9, 123456789.0), List.of(1 / 3.0, Double.NaN), false)),
                null,
                null);
        var report = new Report("", "", List.of(), List.of(), List.of(new Section("s", "", "", List.of(lines))), "");
        assertThat(HtmlReport.json(report))
                .contains("\"x\":[1E-9,1.23457E8]", "\"y\":[0.333333,null]", "\"kind\":\"lines\"");
    }

    @Test
    void flaggedRowsStandBesideTheReport() throws IOException {
        Path html = folder.resolve("my.html");
        TEXTS.write(html);
        var lines = Files.readAllLines(folder.resolve("my-outliers.jsonl"));
        assertThat(lines).hasSize(3);
        JsonNode first = new JsonMapper().readTree(lines.get(0));
        int row = first.get("row").intValue();
        assertThat(first.get("score").doubleValue()).isBetween(0.4, 1.0);
        if (row > Reports.HOSTILE.size()) {
            assertThat(first.get("text").textValue()).endsWith(" " + (row - 1));
        }
    }

    @Test
    void findingsAreToldMostUrgentFirst() {
        var report = new Report(
                "",
                "",
                List.of(),
                List.of(
                        new Finding(Finding.Level.GOOD, "a", ""),
                        new Finding(Finding.Level.WARNING, "b", ""),
                        new Finding(Finding.Level.NOTE, "c", "")),
                List.of(),
                "");
        assertThat(report.findings()).extracting(Finding::text).containsExactly("b", "c", "a");
    }

    @Test
    void everyChartHasAPicture() throws IOException {
        var files = ChartPictures.write(TEXTS.report(), folder.resolve("pictures"), "png");
        assertThat(files).hasSameSizeAs(TEXTS.report().charts());
        for (Path file : files) {
            assertThat(javax.imageio.ImageIO.read(file.toFile()).getWidth()).isGreaterThan(300);
        }
        var vector = ChartPictures.write(TEXTS.report(), folder.resolve("pictures"), "svg");
        assertThat(Files.readString(vector.get(0))).contains("<svg");
        assertThatThrownBy(() -> ChartPictures.write(TEXTS.report(), folder, "gif"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("png");
    }
}
