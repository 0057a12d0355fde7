package dev.attune.model;

/** What stands on top of the blocks: Hugging Face has a class for each ({@code *ForSequenceClassification}, …). */
public sealed interface Head {
    /**
     * A linear classification head.
     *
     * @param count how many labels
     * @param replace take a new head even where the file has one; otherwise a head with another number of labels in the
     *     file is an error
     */
    record Labels(int count, boolean replace) implements Head {
        public Labels {
            if (count < 1) {
                throw new IllegalArgumentException("A head needs at least one label, not " + count);
            }
        }
    }

    /** The causal families' projection to the vocabulary. */
    record LanguageModel() implements Head {}

    /** The blocks alone, for embeddings. */
    record None() implements Head {}
}
