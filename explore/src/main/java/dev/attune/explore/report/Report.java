package dev.attune.explore.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What there is to see and to say: key figures, findings, then sections of charts and tables.
 *
 * @param findings the most urgent first
 * @param footer what it was made from
 */
public record Report(
        String title,
        String subtitle,
        List<Figure> figures,
        List<Finding> findings,
        List<Section> sections,
        String footer) {
    /**
     * A key figure.
     *
     * @param value with its unit, where it has one
     * @param note may be empty
     */
    public record Figure(String name, String value, String note) {}

    public Report {
        figures = List.copyOf(figures);
        findings =
                findings.stream().sorted(Comparator.comparing(Finding::level)).toList();
        sections = List.copyOf(sections);
    }

    /** All charts, in their order. */
    public List<Chart> charts() {
        var charts = new ArrayList<Chart>();
        for (Section section : sections) {
            for (Block block : section.blocks()) {
                if (block instanceof Chart chart) {
                    charts.add(chart);
                }
            }
        }
        return charts;
    }

    /** Writes one HTML file that needs nothing else. */
    public void writeHtml(Path file) {
        HtmlReport.write(this, file);
    }
}
