package dev.attune.explore.text;

import dev.attune.data.Dataset;
import java.util.List;

/**
 * Texts described.
 *
 * @param lengths in characters, and in tokens where those were counted
 * @param vocabulary of each label; none where a text has no label
 */
public record TextProfile(
        int texts,
        List<TextLengths> lengths,
        List<LabelVocabulary.OfLabel> vocabulary,
        NearDuplicates nearDuplicates,
        TextOddities oddities) {
    public TextProfile {
        lengths = List.copyOf(lengths);
        vocabulary = List.copyOf(vocabulary);
    }

    /**
     * Of a data set that has texts.
     *
     * @param lengths of the texts, in characters and whatever else was counted
     * @param words at most, a label
     * @throws dev.attune.files.InputException when it is empty
     */
    public static TextProfile of(Dataset dataset, List<TextLengths> lengths, int words) {
        boolean labelled = dataset.size() > 0 && dataset.labelled() == dataset.size();
        var texts = dataset.texts();
        return new TextProfile(
                texts.size(),
                lengths,
                labelled ? LabelVocabulary.of(dataset, words).labels() : List.of(),
                NearDuplicates.of(texts),
                TextOddities.of(texts));
    }
}
