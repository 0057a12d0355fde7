package dev.attune.model;

/** What the blocks' weights are kept as while a classifier is used; files and training have them as floats. */
public enum Quantization {
    /** As the dtype of what is frozen says. */
    NONE,
    /**
     * Weight-only: the matrices of the blocks as 8-bit integers with a scale for each output, the rest (embeddings, norms, biases, pooler,
     * head) as it is. A quarter of fp32's memory, half of bf16's.
     */
    INT8
}
