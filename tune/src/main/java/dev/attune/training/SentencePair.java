package dev.attune.training;

import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Two texts, which are to be alike where they have the same label.
 *
 * @param first number of a text, from 0
 * @param second number of a text, maybe the same one
 */
record SentencePair(int first, int second, boolean sameLabel) {
    /** Their pairs are two million. */
    private static final int MOST_TEXTS = 2000;

    /**
     * An epoch's pairs, drawn as SetFit does (Tunstall et al. 2022, "Efficient Few-Shot Learning Without Prompts"): all pairs of
     * texts, each text with itself too, are shuffled; of those with one label and those with two, so many are taken in turn as
     * the options say, from the start again where there are fewer.
     *
     * @param labels of each text; at least two different ones
     */
    static List<SentencePair> draw(int[] labels, ContrastiveOptions options, long seed) {
        if (labels.length > MOST_TEXTS) {
            throw new InputException("There are " + labels.length
                    + " texts to train with, but contrastive tuning pairs each with" + " each and takes at most "
                    + MOST_TEXTS + ". Take some with --limit, or another --method.");
        }
        var same = new ArrayList<SentencePair>();
        var different = new ArrayList<SentencePair>();
        for (int i = 0; i < labels.length; i++) {
            for (int j = i; j < labels.length; j++) {
                boolean alike = labels[i] == labels[j];
                (alike ? same : different).add(new SentencePair(i, j, alike));
            }
        }
        var random = new Random(seed);
        Collections.shuffle(same, random);
        Collections.shuffle(different, random);
        int takeSame = count(options, labels.length, same.size(), different.size());
        int takeDifferent = count(options, labels.length, different.size(), same.size());
        var pairs = new ArrayList<SentencePair>();
        for (int i = 0; i < Math.max(takeSame, takeDifferent); i++) {
            if (i < takeSame) {
                pairs.add(same.get(i % same.size()));
            }
            if (i < takeDifferent) {
                pairs.add(different.get(i % different.size()));
            }
        }
        return pairs;
    }

    /** How many pairs of a kind are taken. */
    private static int count(ContrastiveOptions options, int texts, int ofKind, int ofOther) {
        if (options.numIterations() != null) {
            return Math.multiplyExact(options.numIterations(), texts);
        }
        return switch (options.samplingStrategy()) {
            case OVERSAMPLING -> Math.max(ofKind, ofOther);
            case UNDERSAMPLING -> Math.min(ofKind, ofOther);
            case UNIQUE -> ofKind;
        };
    }
}
