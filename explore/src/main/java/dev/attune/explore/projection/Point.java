package dev.attune.explore.projection;

/** A row's place in a picture. */
public record Point(double x, double y) {}
