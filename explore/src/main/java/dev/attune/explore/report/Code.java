package dev.attune.explore.report;

/** Text as it stands in a file. */
public record Code(String title, String text) implements Block {}
