package dev.attune.explore.report;

/** A block that is drawn. */
public sealed interface Chart extends Block permits Bars, Lines, Scatter, Matrix, Threshold {
    /** Letters, digits and hyphens; no two charts of a report have the same. */
    String id();

    /** What it shows, in words, for those who do not see it. */
    String summary();
}
