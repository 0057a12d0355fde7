package dev.attune.explore.table;

/** A column of a table. */
public record Column(String name, Kind kind) {}
