package dev.attune.explore.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports read and worked without a pointer, in Chromium. */
@Tag("interop")
class KeyboardTest {
    /** Numbers what Tab should stop at, in the order of the page, and gives how many there are. */
    private static final String NUMBERED = """
            document.documentElement.style.scrollBehavior = 'auto';
            const stops = [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex]')]
              .filter(node => node.tabIndex >= 0 && node.checkVisibility());
            stops.forEach((node, i) => { node.dataset.stop = i; });
            return stops.length;""";

    /** What has the focus, and whether it is seen to have it: [number, a ring is drawn, it is on the screen]. */
    private static final String FOCUSED = """
            const node = document.activeElement;
            const style = getComputedStyle(node);
            const place = node.getBoundingClientRect();
            return [Number(node.dataset.stop ?? -1),
              style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2 && !style.outlineColor.endsWith(', 0)'),
              place.width > 0 && place.right > 0 && place.left < innerWidth && place.bottom > 0 && place.top < innerHeight];""";

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
        table = Reports.writeTable(folder.resolve("table.html"), Reports.QUICK);
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

    private static String text(String script) throws IOException {
        return browser.run(script).asText();
    }

    private static int number(String script) throws IOException {
        return browser.run(script).intValue();
    }

    private static void focus(String selector) throws IOException {
        assertThat(text("const node = document.querySelector('" + selector
                        + "'); node.focus(); return document.activeElement === node"))
                .as("focus on " + selector)
                .isEqualTo("true");
    }

    private static void tabStopsAtEveryControlAndGoesOn(Path report) throws IOException {
        browser.open(report);
        int stops = number(NUMBERED);
        assertThat(stops).isGreaterThan(20);
        for (int i = 0; i < stops; i++) {
            browser.key("Tab");
            assertThat(browser.run(FOCUSED).toString())
                    .as("stop %d of %s", i, report)
                    .isEqualTo("[" + i + ",true,true]");
        }
        browser.key("Tab");
        assertThat(browser.run(FOCUSED).get(0).intValue()).as("after the last").isLessThanOrEqualTo(0);
        browser.run("document.querySelector('[data-stop=\"" + (stops - 1) + "\"]').focus()");
        for (int i = stops - 2; i >= 0; i--) {
            browser.shift("Tab");
            assertThat(browser.run(FOCUSED).get(0).intValue()).as("back").isEqualTo(i);
        }
    }

    @Test
    void tabStopsAtEveryControlSeenAndIsNeverCaught() throws IOException {
        for (Path report : List.of(run, texts, table)) {
            tabStopsAtEveryControlAndGoesOn(report);
        }
        browser.screen(375, 800, true);
        tabStopsAtEveryControlAndGoesOn(run);
    }

    @Test
    void onlyCellsAreReachedOtherwiseAndEachMatrixHasOneThatTabStopsAt() throws IOException {
        for (Path report : List.of(run, table)) {
            browser.open(report);
            assertThat(text("""
                            const left = [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex]')]
                              .filter(node => node.tabIndex < 0 && !node.matches('.cell'));
                            const grids = [...document.querySelectorAll('.matrix')];
                            return left.length + ' ' + grids.length + ' ' + grids.map(grid => grid.querySelectorAll('.cell[tabindex="0"]').length).join()""")).isEqualTo("0 1 1");
        }
    }

    @Test
    void everyChartAndControlHasAName() throws IOException {
        for (Path report : List.of(run, texts, table)) {
            browser.open(report);
            assertThat(browser.run("""
                            return [...document.querySelectorAll('canvas')].map(canvas => canvas.closest('[role=img]'))
                              .filter(image => !image || image.getAttribute('aria-label').length < 40)
                              .map(image => image && image.outerHTML)""")).isEmpty();
            assertThat(number("return document.querySelectorAll('canvas').length"))
                    .isGreaterThan(5);
            assertThat(unnamed(browser.devTools("Accessibility.getFullAXTree", Map.of())
                            .get("nodes")))
                    .as(report.toString())
                    .isEmpty();
        }
    }

    /** What can have the focus, a picture or a table, and is called nothing. */
    private static List<String> unnamed(JsonNode nodes) {
        assertThat(nodes.size()).isGreaterThan(100);
        var unnamed = new ArrayList<String>();
        for (var node : nodes) {
            boolean focusable = false;
            for (var property : node.path("properties")) {
                focusable |= property.get("name").asText().equals("focusable")
                        && property.at("/value/value").booleanValue();
            }
            String role = node.at("/role/value").asText();
            boolean speaks = focusable
                    || List.of("image", "img", "grid", "figure", "region").contains(role);
            if (speaks
                    && !node.get("ignored").booleanValue()
                    && node.at("/name/value").asText().isBlank()) {
                unnamed.add(node.toString());
            }
        }
        return unnamed;
    }

    @Test
    void enterAndSpaceOpenTheListOfACell() throws IOException {
        browser.open(run);
        String state = """
                const cell = document.activeElement;
                const open = document.querySelectorAll('#confusion-matrix .cell[aria-expanded=true]');
                return [cell.getAttribute('aria-label'), open.length === 1 && open[0] === cell,
                  document.querySelectorAll('#confusion-matrix .rows li').length === Math.min(100, Number(cell.textContent))].join(' | ')""";
        focus("#confusion-matrix .cell[tabindex=\"0\"]");
        var opened = new ArrayList<String>();
        for (String move : List.of("", "ArrowRight", "ArrowDown", "ArrowLeft")) {
            if (!move.isEmpty()) {
                browser.key(move);
            }
            browser.key(move.equals("ArrowRight") || move.equals("ArrowLeft") ? " " : "Enter");
            assertThat(text(state)).endsWith(" | true | true");
            opened.add(text("return document.activeElement.getAttribute('aria-label')"));
        }
        assertThat(opened).hasSize(4).doesNotHaveDuplicates();
        browser.key("Tab");
        assertThat(text("return document.activeElement.getAttribute('aria-label')"))
                .as("the list is next")
                .isEqualTo(opened.get(3));
        browser.shift("Tab");
        assertThat(text("return document.activeElement.className")).isEqualTo("cell");
    }

    @Test
    void colourAndChipsChangeTheChart() throws IOException {
        browser.open(texts);
        String drawn =
                "return echarts.getInstanceByDom(document.querySelector('#pca .plot')).getOption().series.map(s => s.name).join()";
        assertThat(text(drawn)).isEqualTo("<b>spam</b>,ham & more");
        focus("#pca .chip");
        browser.key(" ");
        assertThat(text(drawn)).isEqualTo("ham & more");
        browser.key("Enter");
        assertThat(text(drawn)).isEqualTo("<b>spam</b>,ham & more");
        focus("#pca select");
        browser.key("ArrowDown");
        browser.key("ArrowDown");
        assertThat(text(drawn)).isEqualTo("usual,outlier");
    }

    @Test
    void thresholdThemeAndContentsAreWorkedByKeys() throws IOException {
        browser.open(run);
        focus("#threshold-range");
        browser.key("ArrowRight");
        assertThat(text("return document.querySelector('#threshold output[name=threshold]').value"))
                .isEqualTo("0.51");
        browser.key("ArrowLeft");
        browser.key("ArrowLeft");
        assertThat(text("return document.querySelector('#threshold output[name=threshold]').value"))
                .isEqualTo("0.49");
        focus(".theme");
        browser.key("Enter");
        assertThat(text("return document.documentElement.dataset.theme")).isEqualTo("dark");
        browser.key(" ");
        assertThat(text("return document.documentElement.dataset.theme")).isEqualTo("light");
        focus("nav summary");
        browser.key("Enter");
        assertThat(text("return document.querySelector('nav details').open")).isEqualTo("false");
        browser.key(" ");
        focus("nav a[href=\"#confusion\"]");
        browser.key("Enter");
        assertThat(text("return location.hash")).isEqualTo("#confusion");
    }

    @Test
    void figuresOpenAsATableAndMoreRowsKeepTheFocusThere() throws IOException {
        browser.open(texts);
        focus("#pca details.data summary");
        browser.key("Enter");
        assertThat(text("""
                        return new Promise(done => setTimeout(() => done(document.querySelectorAll('#pca details tbody tr').length), 50))""")).isEqualTo("12");
        browser.key("Tab");
        assertThat(text("return document.activeElement.className")).isEqualTo("scroll");
        browser.key("Tab");
        assertThat(text("return document.activeElement.className")).isEqualTo("more");
        browser.key("Enter");
        assertThat(number("return document.querySelectorAll('#pca details tbody tr').length"))
                .isEqualTo(400);
        assertThat(text("return document.activeElement.className")).isEqualTo("scroll");
    }

    @Test
    void wordsTypedListTheirRows() throws IOException {
        browser.open(texts);
        focus("#pca input[type=search]");
        for (String letter : List.of("l", "u", "n", "c", "h")) {
            browser.key(letter);
        }
        assertThat(text("return document.querySelector('#pca .rows h4').textContent"))
                .endsWith("rows with “lunch”");
        browser.key("Tab");
        browser.key("Enter");
        assertThat(number("return document.querySelectorAll('#pca .rows').length"))
                .isZero();
    }

    @Test
    void arrowsGoFromPointToPointAndEnterListsThoseAround() throws IOException {
        browser.open(texts);
        focus("#pca .chip:last-child");
        browser.key("Tab");
        String said = "return document.querySelector('#pca .readout').textContent";
        assertThat(text(said)).contains("Arrow keys", "Enter");
        browser.key("ArrowRight");
        String first = text(said);
        assertThat(first).startsWith("row ").contains("label", "cluster", "outlier");
        assertThat(text("return document.querySelector('.tip').textContent"))
                .startsWith(first.substring(0, first.indexOf(':')));
        browser.key("ArrowRight");
        String second = text(said);
        assertThat(second).startsWith("row ").isNotEqualTo(first);
        browser.key("Enter");
        String row = second.substring(0, second.indexOf(" ·"));
        assertThat(text("return document.querySelector('#pca .rows h4').textContent"))
                .isEqualTo("25 rows around " + row);
        assertThat(text("return document.querySelector('#pca .rows li span').textContent"))
                .startsWith(row + " ");
    }
}
