package dev.attune.explore.report;

/**
 * A sentence that a reader should not miss.
 *
 * @param section the id of the section that shows it
 */
public record Finding(Level level, String text, String section) {
    /** In the order in which they are told. */
    public enum Level {
        /** Something to look at, and probably to mend. */
        WARNING,
        NOTE,
        GOOD
    }
}
