package dev.attune.classifier;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which row of a text's hidden states the classification head reads. */
public enum Reading {
    /** The last real token: what causal families are read at, as Hugging Face's classes do. */
    @JsonProperty("last")
    LAST,
    /** The first token, BERT's {@code [CLS]}. */
    @JsonProperty("cls")
    CLS,
    /** The mean over the real tokens, as sentence embedding models pool. Hugging Face has no classification class for it. */
    @JsonProperty("mean")
    MEAN,
    /**
     * The last position of texts padded to one fixed length, padding attended to like text: the variant of Raschka, "Build a
     * Large Language Model (From Scratch)", chapter 6.
     */
    @JsonProperty("last-padded")
    LAST_PADDED
}
