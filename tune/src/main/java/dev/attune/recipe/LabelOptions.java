package dev.attune.recipe;

import dev.attune.classifier.LabelScorer;
import dev.attune.classifier.LabelScoring;
import dev.attune.data.LabelSet;
import dev.attune.files.InputException;
import dev.attune.training.Description;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How a language model is asked for a label, and what it answers with. */
public record LabelOptions(
        @Description(
                "what stands around a text, with {text} in its place: labels are words that follow (default for prompt, prefix and p-tuning: 'Text : {text} Label : ')")
        @Nullable String template,

        @Description("words for labels, as LABEL=WORD (default: the labels' names)")
        List<String> labelWords,

        @Description("close a label with the end-of-text token")
        boolean endOfText,

        @Description("score of a label: the sum or the mean of its tokens' log-likelihoods")
        LabelScoring labelScoring,

        @Description("take off what a label scores after texts without content")
        boolean calibrate,

        @Description("count positions over padding on the left up to max-length, as peft does with batches padded so")
        boolean peftPositions) {
    private static final String USUAL_TEMPLATE = "Text : {text} Label : ";
    private static final LabelOptions DEFAULTS =
            new LabelOptions(null, List.of(), true, LabelScoring.SUM, false, false);

    public LabelOptions {
        labelWords = List.copyOf(labelWords);
        if (labelWords.stream().anyMatch(entry -> entry.indexOf('=') < 1)) {
            throw new InputException("label-words is " + labelWords + "; it takes entries such as spam=junk.");
        }
    }

    public static LabelOptions defaults() {
        return DEFAULTS;
    }

    String templateOrUsual() {
        return template == null ? USUAL_TEMPLATE : template;
    }

    LabelScorer.Settings scoring() {
        return new LabelScorer.Settings(labelScoring, calibrate, peftPositions);
    }

    /**
     * What is written for each label, in their order.
     *
     * @throws InputException for a word of a label that there is not
     */
    List<String> words(LabelSet labels) {
        Map<Integer, String> given = new LinkedHashMap<>();
        for (String entry : labelWords) {
            int equals = entry.indexOf('=');
            given.put(labels.indexOf(entry.substring(0, equals)), entry.substring(equals + 1));
        }
        return IntStream.range(0, labels.size())
                .mapToObj(label -> given.getOrDefault(label, labels.name(label)))
                .toList();
    }
}
