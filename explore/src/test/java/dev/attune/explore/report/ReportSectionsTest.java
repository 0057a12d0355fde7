package dev.attune.explore.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.data.ReadOptions;
import dev.attune.evaluation.TestResult;
import dev.attune.explore.table.Table;
import dev.attune.files.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the reports of a table, of texts and of a run say. */
class ReportSectionsTest {
    @TempDir
    Path folder;

    private static List<String> sections(Report report) {
        return report.sections().stream().map(Section::id).toList();
    }

    private static <T extends Chart> T chart(Report report, Class<T> type, String id) {
        return type.cast(report.charts().stream()
                .filter(chart -> chart.id().equals(id))
                .findFirst()
                .orElseThrow());
    }

    @Test
    void aTableIsToldFromItsColumnsToItsBaselines() throws IOException {
        try (var table = Table.open(
                Reports.table(folder.resolve("things.csv")),
                ReadOptions.builder().labelColumn("class").build())) {
            var exploration = TableReport.of(table, ReportOptions.defaults().withProjections());
            var report = exploration.report();
            assertThat(sections(report))
                    .containsExactly(
                            "columns",
                            "balance",
                            "distributions",
                            "correlation",
                            "scales",
                            "projection",
                            "clusters",
                            "outliers",
                            "baselines");
            assertThat(report.findings())
                    .extracting(Finding::text)
                    .anyMatch(text -> text.equals("20.0% of column gap are missing."))
                    .anyMatch(text -> text.startsWith("width and height tell nearly the same (Pearson 1.00)"));
            assertThat(exploration.flagged())
                    .extracting(Exploration.Flagged::row)
                    .contains(8);
            var width = chart(report, Bars.class, "distribution-1");
            assertThat(width.series().stream()
                            .flatMap(s -> s.values().stream())
                            .mapToDouble(v -> v)
                            .sum())
                    .isEqualTo(300);
            var pca = chart(report, Scatter.class, "pca");
            assertThat(pca.x()).hasSize(300);
            assertThat(pca.arrows()).hasSize(4);
            assertThat(pca.colourings())
                    .extracting(Scatter.Colouring::name)
                    .containsExactly("class", "cluster", "outlier");
        }
    }

    @Test
    void pointsThatAreDrawnKeepTheirRows() {
        var report = Reports.texts(
                        200,
                        ReportOptions.defaults().withProjections().withFolds(0).withMaxPoints(50))
                .report();
        var pca = chart(report, Scatter.class, "pca");
        assertThat(pca.rows()).hasSize(50).isSorted().doesNotHaveDuplicates();
        for (int i = 0; i < 50; i++) {
            int row = pca.rows().get(i);
            if (row > Reports.HOSTILE.size()) {
                assertThat(pca.texts().get(i)).endsWith(" " + (row - 1));
            }
        }
    }

    @Test
    void projectionsAreThoseThatWereAskedFor() {
        var both = Reports.texts(
                        150,
                        ReportOptions.defaults()
                                .withFolds(0)
                                .withProjections(ReportOptions.Projection.UMAP, ReportOptions.Projection.TSNE))
                .report();
        assertThat(both.charts()).extracting(Chart::id).containsSubsequence("pca", "tsne", "umap");
        var umap = chart(both, Scatter.class, "umap");
        assertThat(umap.summary()).contains("15 neighbours", "seed 42");
        assertThat(umap.rows()).isEqualTo(chart(both, Scatter.class, "pca").rows());
        assertThat(umap.x()).doesNotContain(Double.NaN).doesNotHaveDuplicates();
        var usual = Reports.texts(150, ReportOptions.defaults().withFolds(0)).report();
        assertThat(usual.charts()).extracting(Chart::id).contains("pca", "tsne").doesNotContain("umap");
    }

    @Test
    void lengthsAreToldInCharactersAndTokens() {
        var report = Reports.texts(
                        150, ReportOptions.defaults().withProjections().withFolds(0))
                .report();
        var characters = chart(report, Bars.class, "text-lengths");
        var tokens = chart(report, Bars.class, "token-lengths");
        assertThat(tokens.series().stream()
                        .flatMap(s -> s.values().stream())
                        .mapToDouble(v -> v)
                        .sum())
                .isEqualTo(150);
        assertThat(tokens.summary()).contains("tokens or fewer").isNotEqualTo(characters.summary());
        assertThat(report.sections().stream()
                        .filter(section -> section.id().equals("lengths"))
                        .flatMap(section -> section.blocks().stream())
                        .filter(DataTable.class::isInstance)
                        .map(block -> ((DataTable) block).title()))
                .containsExactly("What a maximum length in characters costs", "What a maximum length in tokens costs");
    }

    @Test
    void textsWithoutEmbeddingsOrLabelsHaveAReportToo() {
        var data = Dataset.of(
                "notes", List.of(new Example("one", null), new Example("two words", null), new Example("one", null)));
        var report = TextReport.of(data, ReportOptions.defaults()).report();
        assertThat(sections(report)).containsExactly("rows", "lengths", "alike", "oddities");
        assertThat(report.findings()).extracting(Finding::text).anyMatch(text -> text.startsWith("1 row repeats"));
    }

    @Test
    void noTextsAtAllAreReportedAsSuch() {
        var report = TextReport.of(Dataset.of("none", List.of()), ReportOptions.defaults())
                .report();
        assertThat(report.subtitle()).startsWith("0 texts");
    }

    @Test
    void aRunIsToldFromItsScoresToItsProvenance() throws IOException {
        Path run = Reports.run(folder.resolve("run"), 200);
        var report = RunReport.of(run, null, List.of());
        assertThat(sections(report))
                .containsExactly("scores", "training", "confusion", "mistakes", "curves", "calibration", "provenance");
        var result = TestResult.read(run);
        var matrix = chart(report, Matrix.class, "confusion-matrix");
        assertThat(matrix.entries())
                .allSatisfy(entry -> assertThat(matrix.values().get(entry.row()).get(entry.column()))
                        .isPositive());
        assertThat(area(chart(report, Lines.class, "roc").curves().get(0)))
                .isCloseTo(result.evaluation().rocAuc(), within(0.005));
        var loss = chart(report, Lines.class, "loss");
        assertThat(loss.curves())
                .extracting(Lines.Curve::name)
                .containsExactly("training (batches)", "training (sample)", "validation");
        assertThat(loss.curves().get(0).y()).containsExactly(0.9, 0.5);
    }

    @Test
    void theTestedTextsAreSeenBeforeAndAfterTuning() throws IOException {
        Path run = Reports.run(folder.resolve("run"), 100);
        var rows = TestResult.read(run).predictions().rows();
        assertThat(RunReport.testedTexts(run, 60))
                .hasSize(60)
                .startsWith(rows.get(0).text());
        var before = new float[60][3];
        var after = new float[60][3];
        for (int i = 0; i < 60; i++) {
            before[i] = new float[] {i % 7, i % 5, i % 3};
            after[i] = new float[] {rows.get(i).label().equals("ham & more") ? 9 : 0, i % 5, i % 3};
        }
        var report = RunReport.of(
                run, null, List.of(new RunReport.Embedded("before", before), new RunReport.Embedded("after", after)));
        assertThat(chart(report, Scatter.class, "embedding-2").x()).hasSize(60);
        var told = report.findings().stream()
                .filter(finding -> finding.section().equals("embeddings"))
                .map(Finding::text)
                .findFirst()
                .orElseThrow();
        var silhouettes = java.util.regex.Pattern.compile("(before|after) (-?\\d\\.\\d+)")
                .matcher(told)
                .results()
                .map(found -> Double.parseDouble(found.group(2)))
                .toList();
        assertThat(silhouettes.get(1)).isGreaterThan(silhouettes.get(0)).isGreaterThan(0.5);
    }

    /** By the trapezoids under a curve. */
    private static double area(Lines.Curve curve) {
        double area = 0;
        for (int i = 1; i < curve.x().size(); i++) {
            area += (curve.x().get(i) - curve.x().get(i - 1))
                    * (curve.y().get(i) + curve.y().get(i - 1))
                    / 2;
        }
        return area;
    }

    @Test
    void aFolderThatIsNoRunSaysSo() {
        assertThatThrownBy(() -> RunReport.write(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("recipe.yaml");
    }

    @Test
    void histogramsCountEveryValueInRoundRanges() {
        double[] values = {1, 2, 2, 3, 9, 10, 11, 50, Double.NaN};
        var histogram = Histogram.of(values, new int[] {0, 0, 1, 1, 0, 0, 0, 0, 0}, 2, 10);
        assertThat(histogram.ranges()).startsWith("0 to 4", "5 to 9");
        assertThat(histogram.counts().get(0).stream().mapToDouble(v -> v).sum()).isEqualTo(6);
        assertThat(histogram.counts().get(1)).startsWith(2.0, 0.0);
    }
}
