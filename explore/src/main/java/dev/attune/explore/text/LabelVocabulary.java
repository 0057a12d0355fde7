package dev.attune.explore.text;

import dev.attune.data.Dataset;
import dev.attune.explore.baseline.Terms;
import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * The words that tell a label from the others: log-odds ratios with an informative Dirichlet prior, the words' shares in all
 * texts (Monroe, Colaresi and Quinn 2008, "Fightin' Words"). The prior keeps rare words from looking telling.
 */
public record LabelVocabulary(List<OfLabel> labels) {
    /** How many words the prior counts as. */
    private static final double PRIOR = 1000;

    private static final Terms WORDS = new Terms(Terms.Kind.WORDS, 1, 1);

    /**
     * A label's words, the most telling first.
     *
     * @param words such as stand more often under the label than elsewhere
     */
    public record OfLabel(String label, List<Word> words) {
        public OfLabel {
            words = List.copyOf(words);
        }
    }

    /**
     * A word under a label.
     *
     * @param z the log-odds ratio over its standard deviation; beyond 1.96 it is hardly chance
     * @param texts of the label that hold the word
     * @param elsewhere texts of other labels that do
     */
    public record Word(String word, double z, double logOdds, int texts, int elsewhere) {}

    public LabelVocabulary {
        labels = List.copyOf(labels);
    }

    /**
     * Of the labelled texts of a data set.
     *
     * @param most words a label
     * @throws InputException when a text has no label
     */
    public static LabelVocabulary of(Dataset dataset, int most) {
        return of(dataset.texts(), dataset.labelIds(), dataset.labels().names(), most);
    }

    /** Of texts with the ids of their labels. */
    public static LabelVocabulary of(List<String> texts, int[] labels, List<String> names, int most) {
        if (texts.size() != labels.length) {
            throw new IllegalArgumentException(labels.length + " labels for " + texts.size() + " texts");
        }
        var counts = new HashMap<String, Counts>();
        long[] words = new long[names.size()];
        for (int i = 0; i < labels.length; i++) {
            int label = labels[i];
            var seen = new HashSet<String>();
            WORDS.forEach(texts.get(i), word -> {
                var count = counts.computeIfAbsent(word, w -> new Counts(names.size()));
                count.words[label]++;
                words[label]++;
                if (seen.add(word)) {
                    count.texts[label]++;
                }
            });
        }
        long all = sum(words);
        var result = new ArrayList<OfLabel>();
        for (int label = 0; label < names.size(); label++) {
            var telling = new ArrayList<Word>();
            for (var entry : counts.entrySet()) {
                var word = word(entry, label, words[label], all);
                if (word.logOdds > 0 && word.texts > 0) {
                    telling.add(word);
                }
            }
            telling.sort(Comparator.comparingDouble(Word::z).reversed().thenComparing(Word::word));
            result.add(new OfLabel(names.get(label), telling.subList(0, Math.min(most, telling.size()))));
        }
        return new LabelVocabulary(result);
    }

    /** Equations 16 to 22 of the paper, of a label against all others. */
    private static Word word(Map.Entry<String, Counts> entry, int label, long ofLabel, long all) {
        var count = entry.getValue();
        long everywhere = sum(count.words);
        double prior = PRIOR * everywhere / all;
        double here = count.words[label] + prior;
        double there = everywhere - count.words[label] + prior;
        double logOdds = Math.log(here / (ofLabel + PRIOR - here)) - Math.log(there / (all - ofLabel + PRIOR - there));
        double z = logOdds / Math.sqrt(1 / here + 1 / there);
        int texts = (int) count.texts[label];
        return new Word(entry.getKey(), z, logOdds, texts, (int) sum(count.texts) - texts);
    }

    private static long sum(long[] values) {
        long sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }

    /** How often a word stands under each label, and in how many of its texts. */
    private static final class Counts {
        final long[] words;
        final long[] texts;

        Counts(int labels) {
            words = new long[labels];
            texts = new long[labels];
        }
    }
}
