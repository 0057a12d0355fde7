package dev.attune.explore.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports opened from disk in Chromium. */
@Tag("interop")
class BrowserTest {
    /** Counts the pixels of each chart's canvas that are not like its first. */
    private static final String DRAWN = """
            return [...document.querySelectorAll('.plot')].map(plot => {
              const canvas = plot.querySelector('canvas');
              if (!canvas) return 0;
              const data = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
              return data.reduce((n, pixel) => n + (pixel !== data[0] ? 1 : 0), 0);
            });""";

    /** The texts that stand out from what is behind them by less than WCAG's level AA asks. */
    private static final String UNREADABLE = """
            const channels = colour => { const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
            const over = ([r, g, b, a], under) => [r, g, b].map((value, i) => value * a + under[i] * (1 - a));
            const behind = node => node ? over(channels(getComputedStyle(node).backgroundColor), behind(node.parentElement)) : [255, 255, 255];
            const luminance = colour => [.2126, .7152, .0722].reduce((sum, weight, i) => {
              const value = colour[i] / 255;
              return sum + weight * (value <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4);
            }, 0);
            const unreadable = [];
            for (const node of document.querySelectorAll('.page *')) {
              const texts = [...node.childNodes].filter(child => child.nodeType === Node.TEXT_NODE && child.data.trim());
              if (!texts.length || !node.offsetParent) continue;
              const ground = behind(node);
              const [low, high] = [luminance(over(channels(getComputedStyle(node).color), ground)), luminance(ground)].sort((a, b) => a - b);
              const contrast = (high + .05) / (low + .05);
              if (!(contrast >= 4.5)) unreadable.push(texts[0].data + ' ' + contrast.toFixed(2));
            }
            return unreadable;""";

    @TempDir
    private static Path folder;

    private static Chromium browser;
    private static Path run;
    private static Path texts;
    private static Path table;

    @BeforeAll
    static void write() throws IOException {
        run = RunReport.write(Reports.run(folder.resolve("run"), 400));
        texts = Reports.writeTexts(folder.resolve("texts.html"));
        table = Reports.writeTable(folder.resolve("table.html"), ReportOptions.defaults());
        browser = new Chromium(folder.resolve("profile"));
    }

    @AfterAll
    static void close() throws IOException {
        browser.close();
    }

    @BeforeEach
    void atADesk() throws IOException {
        browser.screen(1280, 900, false);
    }

    private static void openClean(Path file) throws IOException {
        browser.open(file);
        assertThat(browser.console()).isEmpty();
        assertThat(text("return document.documentElement.dataset.ready")).isEqualTo("true");
    }

    private static String text(String script) throws IOException {
        return browser.run(script).asText();
    }

    private static int number(String script) throws IOException {
        return browser.run(script).intValue();
    }

    private static void everyChartIsDrawn(int charts) throws IOException {
        var pixels = browser.run(DRAWN);
        assertThat(pixels).hasSize(charts);
        assertThat(StreamSupport.stream(pixels.spliterator(), false).mapToInt(n -> n.intValue()))
                .allMatch(n -> n > 500);
    }

    @Test
    void aRunsReportDrawsEveryChart() throws IOException {
        openClean(run);
        // loss, accuracy, rate, ROC, precision-recall, threshold, reliability, confidence
        everyChartIsDrawn(8);
        assertThat(number("return document.querySelectorAll('#confusion-matrix .cell').length"))
                .isEqualTo(4);
    }

    @Test
    void everyTextIsReadableInLightAndDark() throws IOException {
        for (Path report : List.of(run, texts, table)) {
            browser.open(report);
            for (int theme = 0; theme < 2; theme++) {
                assertThat(browser.run(UNREADABLE))
                        .as(report + " " + text("return document.documentElement.dataset.theme"))
                        .isEmpty();
                browser.run("document.querySelector('.theme').click()");
            }
        }
    }

    @Test
    void aTextsReportDrawsEveryChart() throws IOException {
        openClean(texts);
        // balance, characters, tokens, two vocabularies, principal components, explained variance, silhouette, elbow,
        // outlier scores
        everyChartIsDrawn(10);
    }

    @Test
    void aTablesReportDrawsEveryChart() throws IOException {
        openClean(table);
        // balance, four distributions, PCA, t-SNE, variance, loadings, silhouette, elbow, outlier scores, baselines
        everyChartIsDrawn(13);
        assertThat(number("return document.querySelectorAll('#correlation-matrix .cell').length"))
                .isEqualTo(16);
    }

    @Test
    void aConfusionCellListsItsTexts() throws IOException {
        openClean(run);
        String count = "document.querySelectorAll('#confusion-matrix .rows li').length";
        assertThat(number("return " + count)).isZero();
        int wrong = number(
                "const cell = document.querySelectorAll('#confusion-matrix .cell')[1]; cell.click(); return Number(cell.textContent)");
        assertThat(wrong).isPositive();
        assertThat(number("return " + count)).isEqualTo(Math.min(100, wrong));
        browser.run("document.querySelectorAll('#confusion-matrix .cell')[2].focus()");
        browser.key("Enter");
        int other = number("return Number(document.querySelectorAll('#confusion-matrix .cell')[2].textContent)");
        assertThat(number("return " + count)).isEqualTo(Math.min(100, other)).isNotEqualTo(wrong);
    }

    @Test
    void arrowKeysMoveAboutTheMatrix() throws IOException {
        openClean(run);
        browser.run("document.querySelectorAll('#confusion-matrix .cell')[0].focus()");
        browser.key("ArrowRight");
        assertThat(text("return document.activeElement.getAttribute('aria-label')"))
                .startsWith("true ham & more, predicted <b>spam</b>");
    }

    @Test
    void theThresholdChangesTheScores() throws IOException {
        openClean(run);
        String move = """
                const range = document.getElementById('threshold-range');
                range.value = '%s';
                range.dispatchEvent(new Event('input'));
                const of = name => document.querySelector('#threshold output[name=' + name + ']').value;
                return of('precision') + ' ' + of('recall') + ' ' + of('flagged');""";
        assertThat(text(move.formatted("0"))).isEqualTo("0.250 1.000 400");
        String strict = text(move.formatted("0.9"));
        assertThat(Double.parseDouble(strict.split(" ", -1)[0])).isGreaterThan(0.8);
        assertThat(Double.parseDouble(strict.split(" ", -1)[1])).isLessThan(0.8);
    }

    @Test
    void hostileTextsAreShownLiterallyAndRunNothing() throws IOException {
        for (Path file : new Path[] {run, texts}) {
            openClean(file);
            browser.run("""
                    document.querySelectorAll('details').forEach(d => { d.open = true; });
                    document.querySelectorAll('.cell').forEach(c => c.click());
                    document.querySelectorAll('.more').forEach(m => m.click());
                    document.querySelectorAll('input[type=search]').forEach(s => { s.value = '<'; s.dispatchEvent(new Event('input')); });""");
            assertThat(browser.run(
                                    "return [typeof window.harmed, document.querySelectorAll('img, svg, b b, u, #main script').length]")
                            .toString())
                    .isEqualTo("[\"undefined\",0]");
            // In the run a mistake, in the texts a row that was searched for.
            String shown = file.equals(run) ? Reports.HOSTILE.get(4) : Reports.HOSTILE.get(3);
            assertThat(text("return document.querySelector('main').textContent"))
                    .contains(shown, "<b>spam</b>");
            assertThat(browser.console()).isEmpty();
        }
        assertThat(text("return document.title")).isEqualTo("<i>texts</i>");
    }

    @Test
    void pointingAtARowShowsItsText() throws IOException {
        openClean(texts);
        browser.run("document.getElementById('pca').scrollIntoView()");
        assertThat(text("""
                        const box = document.querySelector('#pca .plot');
                        const chart = echarts.getInstanceByDom(box);
                        chart.dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: 0 });
                        return document.querySelector('.tip').textContent""")).startsWith("row ").contains("label", "cluster");
    }

    @Test
    void draggingListsTheRowsInside() throws IOException {
        openClean(texts);
        var box = browser.run("""
                document.querySelector('#pca .plot').scrollIntoView({ behavior: 'instant' });
                const select = document.querySelector('#pca .select');
                if (select.getAttribute('aria-pressed') === 'false') select.click();
                const place = document.querySelector('#pca .plot').getBoundingClientRect();
                return [place.left, place.top, place.width, place.height]""");
        double left = box.get(0).doubleValue();
        double top = box.get(1).doubleValue();
        double right = left + box.get(2).doubleValue();
        double bottom = top + box.get(3).doubleValue();
        browser.mouse("mousePressed", left + 2, top + 2);
        browser.mouse("mouseMoved", (left + right) / 2, (top + bottom) / 2);
        browser.mouse("mouseMoved", right - 3, bottom - 3);
        browser.mouse("mouseReleased", right - 3, bottom - 3);
        assertThat(text("return document.querySelector('#pca .rows h4').textContent"))
                .isEqualTo("400 rows selected");
        assertThat(number("return document.querySelectorAll('#pca .rows li').length"))
                .isEqualTo(200);
    }

    @Test
    void tenThousandPointsAreDrawnAndListed() throws IOException {
        Path many = folder.resolve("many.html");
        Reports.texts(10_000, Reports.QUICK.withMaxPoints(10_000)).write(many);
        openClean(many);
        assertThat(number("""
                        const chart = echarts.getInstanceByDom(document.querySelector('#pca .plot'));
                        return chart.getOption().series.reduce((n, s) => n + s.data.length, 0)""")).isEqualTo(10_000);
        everyChartIsDrawn(10);
        assertThat(text("""
                        const search = document.querySelector('#pca input[type=search]');
                        search.value = 'prize';
                        search.dispatchEvent(new Event('input'));
                        return document.querySelector('#pca .rows h4').textContent""")).startsWith("3,33");
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void colouringByAnotherGroupingChangesTheSeries() throws IOException {
        openClean(texts);
        assertThat(text("""
                        const select = document.querySelector('#pca select');
                        select.selectedIndex = [...select.options].findIndex(o => o.text === 'outlier');
                        select.dispatchEvent(new Event('change'));
                        return echarts.getInstanceByDom(document.querySelector('#pca .plot')).getOption().series.map(s => s.name).join()""")).startsWith("usual,outlier");
    }

    @Test
    void followsTheSystemsColoursAndTheButton() throws IOException {
        browser.screen(1280, 900, true);
        openClean(run);
        String page = "return getComputedStyle(document.body).backgroundColor";
        String dark = text(page);
        everyChartIsDrawn(8);
        browser.run("document.querySelector('.theme').click()");
        assertThat(text(page)).isNotEqualTo(dark);
        assertThat(text("return document.documentElement.dataset.theme")).isEqualTo("light");
        everyChartIsDrawn(8);
    }

    @Test
    void nothingScrollsSidewaysOnAPhone() throws IOException {
        browser.screen(375, 800, false);
        for (Path file : new Path[] {run, texts}) {
            openClean(file);
            assertThat(number("return document.documentElement.scrollWidth")).isEqualTo(375);
        }
    }

    @Test
    void everyChartHasASummaryAndATable() throws IOException {
        openClean(texts);
        assertThat(number("return document.querySelectorAll('figure').length")).isEqualTo(10);
        assertThat(number("return document.querySelectorAll('figure > details.data').length"))
                .isEqualTo(10);
        assertThat(text("return document.querySelector('#class-balance .plot').getAttribute('aria-label')"))
                .contains("ham & more is the largest with 266 rows");
        browser.run("document.querySelector('#class-balance details').open = true");
        assertThat(
                        text(
                                "return new Promise(done => setTimeout(() => done(document.querySelector('#class-balance tbody').textContent), 50))"))
                .isEqualTo("ham & more266<b>spam</b>134");
    }
}
