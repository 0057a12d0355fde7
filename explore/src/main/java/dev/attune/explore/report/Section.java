package dev.attune.explore.report;

import java.util.List;

/**
 * A part of a report.
 *
 * @param id letters and hyphens
 * @param lead what the section tells, in a sentence or two; may be empty
 */
public record Section(String id, String title, String lead, List<Block> blocks) {
    public Section {
        blocks = List.copyOf(blocks);
    }
}
