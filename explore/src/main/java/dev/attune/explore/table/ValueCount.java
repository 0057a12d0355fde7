package dev.attune.explore.table;

/** A value as it stands in the data, and how many rows have it. */
public record ValueCount(String value, long count) {}
