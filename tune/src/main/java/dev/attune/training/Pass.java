package dev.attune.training;

/**
 * A batch's way through a model, as a run would make it.
 *
 * @param rows texts of the batch
 * @param width tokens of the longest of them
 * @param run makes it; what is trained stays as it is
 */
public record Pass(int rows, int width, Runnable run) {}
