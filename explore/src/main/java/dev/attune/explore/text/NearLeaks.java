package dev.attune.explore.text;

import dev.attune.data.Split;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts of one part of a split that are nearly those of another, so that a model is tested on what it has as good as seen.
 * {@link dev.attune.data.LeakReport} tells of those that are the same.
 *
 * @param leaks those of test first
 * @param validationRows rows of validation that are alike to some of train
 * @param testRows rows of test that are alike to some of train or validation
 */
public record NearLeaks(double threshold, List<Leak> leaks, int validationRows, int testRows) {
    /**
     * A group of texts that stands in more than one part.
     *
     * @param text the first of train, or of validation where train has none
     * @param alike the first of the later part
     * @param part the later part, validation or test
     * @param similarity the least of those that joined the group
     */
    public record Leak(String text, String alike, String part, double similarity) {}

    public NearLeaks {
        leaks = List.copyOf(leaks);
    }

    /** Of a split's parts, at the usual threshold. */
    public static NearLeaks of(Split split) {
        int train = split.train().size();
        int known = train + split.validation().size();
        var texts = new ArrayList<>(split.train().texts());
        texts.addAll(split.validation().texts());
        texts.addAll(split.test().texts());
        var ofTest = new ArrayList<Leak>();
        var ofValidation = new ArrayList<Leak>();
        int validationRows = 0;
        int testRows = 0;
        for (var group : NearDuplicates.of(texts).groups()) {
            int first = group.rows().get(0);
            var inTest = group.rows().stream().filter(row -> row >= known).toList();
            var inValidation = group.rows().stream()
                    .filter(row -> row >= train && row < known)
                    .toList();
            if (first < known && !inTest.isEmpty()) {
                testRows += inTest.size();
                ofTest.add(new Leak(texts.get(first), texts.get(inTest.get(0)), "test", group.similarity()));
            }
            if (first < train && !inValidation.isEmpty()) {
                validationRows += inValidation.size();
                ofValidation.add(
                        new Leak(texts.get(first), texts.get(inValidation.get(0)), "validation", group.similarity()));
            }
        }
        ofTest.addAll(ofValidation);
        return new NearLeaks(NearDuplicates.USUAL, ofTest, validationRows, testRows);
    }
}
