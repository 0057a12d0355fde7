package dev.attune.recipe;

import dev.attune.classifier.LabelScorer;
import dev.attune.classifier.TextClassifier;
import dev.attune.files.InputException;
import dev.attune.generation.GenerationListener;
import dev.attune.generation.GenerationOptions;
import dev.attune.generation.TextGenerator;
import java.util.List;
import java.util.function.Function;
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
     * @throws InputException as {@link #by} throws it
     */
    public static List<WrittenAnswer> of(TextClassifier classifier, List<String> texts) {
        return by(classifier).apply(texts);
    }

    /**
     * What writes the classifier's answers, for as long as that is open; from texts to answers, in their order.
     *
     * @throws InputException for a classifier with a head, or with positions as peft's, which generation does not have
     */
    public static Function<List<String>, List<WrittenAnswer>> by(TextClassifier classifier) {
        var scorer = classifier
                .answering()
                .orElseThrow(
                        () -> new InputException(
                                "This classifier has a head and writes nothing; only models that answer with labels' words do."))
                .scorer();
        if (scorer.settings().peftPositions()) {
            throw new InputException(
                    "This classifier was trained with --peft-positions: it scores a text at other positions"
                            + " than it can be generated at. Train without them to have answers written.");
        }
        var template = scorer.template();
        var options = GenerationOptions.greedy().withMaxNewTokens(template.longestLabel());
        // Not closed: the model is the classifier's.
        var generator = TextGenerator.over(scorer.backbone(), template.tokenizer(), scorer.virtual());
        return texts -> generator.generateFrom(template.encode(texts), options, GenerationListener.NONE).stream()
                .map(written -> of(written.text(), scorer))
                .toList();
    }

    private static WrittenAnswer of(String text, LabelScorer scorer) {
        int label = match(text, scorer.template().settings().words());
        return new WrittenAnswer(text, label < 0 ? null : scorer.labels().name(label));
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
