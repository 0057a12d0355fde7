package dev.attune.classifier;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the log-likelihoods of a label's tokens become its score. */
public enum LabelScoring {
    /** Their sum: the log-likelihood of the label as it stands. */
    @JsonProperty("sum")
    SUM,
    /** Their mean, which does not hold a label's length against it. */
    @JsonProperty("mean")
    MEAN
}
