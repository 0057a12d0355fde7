package dev.attune.evaluation;

/** How well one class is found; a score whose denominator is zero is 0. {@code support}: its rows in the truth. */
public record ClassScores(double precision, double recall, double f1, int support) {}
