package dev.attune.evaluation;

/** Precision, recall and F1 averaged over the classes. */
public record Averages(double precision, double recall, double f1) {}
