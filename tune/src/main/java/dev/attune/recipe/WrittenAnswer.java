package dev.attune.recipe;

import dev.attune.classifier.TextClassifier;
import dev.attune.files.InputException;
import dev.attune.generation.GenerationListener;
import dev.attune.generation.GenerationOptions;
import dev.attune.generation.TextGenerator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a language model writes behind a text where a label's word is expected, greedily and no longer than the longest label: how
 * notebooks predict.
 *
 * @param text as it was written, without special tokens
 * @param label the one whose word the text is, or begins with; of several the longest; null where there is none
 */
public record WrittenAnswer(String text, @Nullable String label) {
    /**
     * Lets a classifier that answers with labels' words write its answers, with the model that it has loaded.
     *
     * @throws InputException for one with a head, or with positions as peft's, which generation does not have
     */
    public static List<WrittenAnswer> of(TextClassifier classifier, List<String> texts) {
        var ready = classifier
                .answering()
                .orElseThrow(
                        () -> new InputException(
                                "This classifier has a head and writes nothing; only models that answer with labels' words do."));
        var scorer = ready.scorer();
        if (scorer.settings().peftPositions()) {
            throw new InputException(
                    "With peft-positions a text is scored at other positions than it can be generated at;"
                            + " train without it to compare.");
        }
        var template = scorer.template();
        var options = GenerationOptions.greedy().withMaxNewTokens(template.longestLabel());
        // Not closed: the model is the classifier's.
        var generator = TextGenerator.over(scorer.backbone(), template.tokenizer(), scorer.virtual());
        var words = template.settings().words();
        return generator.generateFrom(template.encode(texts), options, GenerationListener.NONE).stream()
                .map(written -> {
                    int label = match(written.text(), words);
                    return new WrittenAnswer(
                            written.text(), label < 0 ? null : scorer.labels().name(label));
                })
                .toList();
    }

    /** The label of the longest word that the text is or begins with, a word's end behind it; -1 where there is none. */
    static int match(String text, List<String> words) {
        String written = text.strip();
        int best = -1;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i).strip();
            boolean begins = written.startsWith(word)
                    && (written.length() == word.length()
                            || !Character.isLetterOrDigit(written.codePointAt(word.length())));
            if (begins && (best < 0 || word.length() > words.get(best).strip().length())) {
                best = i;
            }
        }
        return best;
    }
}
