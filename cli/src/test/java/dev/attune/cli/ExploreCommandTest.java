package dev.attune.cli;

import static dev.attune.cli.CommandRun.attune;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExploreCommandTest {
    @TempDir
    private Path folder;

    private String messages() throws IOException {
        Path file = folder.resolve("messages.csv");
        try (InputStream in = QuickstartCommand.class.getResourceAsStream("quickstart/train.csv")) {
            Files.copy(Objects.requireNonNull(in), file);
        }
        return file.toString();
    }

    private String things(int rows) throws IOException {
        var csv = new StringBuilder("width,height,class\n");
        for (int i = 0; i < rows; i++) {
            csv.append(i % 7)
                    .append(',')
                    .append(i % 5 * 2.5)
                    .append(',')
                    .append(i % 2 == 0 ? "a" : "b")
                    .append('\n');
        }
        return Files.writeString(folder.resolve("things.csv"), csv).toString();
    }

    @Test
    void textsAreToldOnTheTerminalAndInAFile() throws IOException {
        Path report = folder.resolve("report.html");
        var run = attune("explore", "--data", messages(), "--embed", "none", "--out", report.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("360 texts under", "█", "Wrote " + report)
                .containsPattern("[▁▂▃▄▅▆▇█]{5}");
        assertThat(Files.readString(report)).contains("Content-Security-Policy", "\"id\":\"vocabulary\"");
    }

    @Test
    void aTableIsToldAsJsonWithPicturesBeside() throws IOException {
        Path report = folder.resolve("out").resolve("things.html");
        var run = attune(
                "explore", "--data", things(40), "--out", report.toString(), "--format", "html,png,svg", "--json");
        assertThat(run.err()).isEmpty();
        var json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("figures").get(0).get("value").textValue()).isEqualTo("40");
        Path pictures = folder.resolve("out").resolve("things-pictures");
        assertThat(pictures.resolve("pca.png")).isNotEmptyFile();
        assertThat(pictures.resolve("correlation-matrix.svg")).isNotEmptyFile();
        assertThat(json.get("charts").toString()).contains("\"pca\"", "\"class-balance\"");
    }

    @Test
    void projectionsAreChosenByName() throws IOException {
        String out = folder.resolve("things.html").toString();
        var run = attune(
                "explore", "--data", things(120), "--folds", "0", "--projection", "umap", "--out", out, "--json");
        assertThat(run.err()).isEmpty();
        assertThat(new ObjectMapper().readTree(run.out()).get("charts").toString())
                .contains("\"pca\"", "\"umap\"")
                .doesNotContain("tsne");
        var unknown = attune("explore", "--data", things(120), "--projection", "globe");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("--projection", "globe", "UMAP");
    }

    @Test
    void whatIsNeitherDataNorARunSaysSo() {
        var none = attune("explore");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("--data");
        var folderOnly = attune("explore", folder.toString());
        assertThat(folderOnly.code()).isEqualTo(1);
        assertThat(folderOnly.err()).contains("recipe.yaml").hasLineCount(1);
        assertThat(attune("explore", "--data", "no-such").err()).contains("no-such");
        assertThat(attune("explore", "--data", "x", "--format", "gif").code()).isEqualTo(2);
    }
}
