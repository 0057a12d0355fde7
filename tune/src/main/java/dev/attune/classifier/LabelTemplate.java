package dev.attune.classifier;

import dev.attune.files.InputException;
import dev.attune.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/**
 * Classification as words to be gone on with: {@code "Tweet text : {text} Label : "} is followed by the label's word and, as
 * a rule, by the end of text.
 */
public final class LabelTemplate implements AutoCloseable {
    /** Where the text goes. */
    public static final String TEXT = "{text}";

    private final Tokenizer tokenizer;
    private final Settings settings;
    private final boolean closed;
    private final List<int[]> labels;
    private final LabelTree tree;
    private final int longestLabel;

    /**
     * What a template is made of.
     *
     * @param template what stands around a text, which takes the place of {@value #TEXT}
     * @param words what is written for each label, in the labels' order
     * @param endOfText whether the tokenizer's end-of-text token closes a label; without it, a label that another one begins
     *     with is always likelier than that
     * @param maxLength tokens at the most, the label's included; too long a text loses its end, template and label nothing
     */
    public record Settings(String template, List<String> words, boolean endOfText, int maxLength) {
        public Settings {
            words = List.copyOf(words);
            int at = template.indexOf(TEXT);
            if (at < 0 || template.indexOf(TEXT, at + 1) >= 0) {
                throw new InputException("The template is '" + template + "'; it needs " + TEXT
                        + " once, where the text goes, such as 'Text: {text} Label: '.");
            }
        }
    }

    /** A template whose texts are gone on with by the labels. */
    public LabelTemplate(Tokenizer tokenizer, Settings settings) {
        this(tokenizer, settings, false);
    }

    /**
     * A template for a tokenizer.
     *
     * @param closed whether a text ends as the tokenizer ends texts, and leaves a label no room: for an encoder
     * @throws InputException where two labels are the same tokens, one has none, or there is no room for a text
     */
    public LabelTemplate(Tokenizer tokenizer, Settings settings, boolean closed) {
        this.tokenizer = tokenizer;
        this.settings = settings;
        this.closed = closed;
        labels = settings.words().stream().map(this::tokens).toList();
        requireDistinct(labels, settings.words());
        tree = LabelTree.of(labels);
        longestLabel = labels.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        int taken = filled("").length + (closed ? 0 : longestLabel);
        if (settings.maxLength() <= taken) {
            throw new InputException(
                    "max-length is " + settings.maxLength() + ", but the template with its longest label" + " takes "
                            + taken + " tokens without a text. Allow more, or shorten the template.");
        }
    }

    private int[] tokens(String word) {
        int[] ids = tokenizer.encodeWithoutSpecialTokens(word);
        if (ids.length == 0) {
            throw new InputException("The label word '" + word + "' has no tokens to be scored.");
        }
        if (!settings.endOfText()) {
            return ids;
        }
        int[] closed = Arrays.copyOf(ids, ids.length + 1);
        closed[ids.length] = tokenizer
                .eos()
                .orElseThrow(() -> new InputException("The tokenizer has no end-of-text token to close a label with;"
                        + " switch it off with --no-end-of-text."))
                .id();
        return closed;
    }

    private static void requireDistinct(List<int[]> labels, List<String> words) {
        var known = new HashMap<List<Integer>, String>();
        for (int i = 0; i < words.size(); i++) {
            List<Integer> tokens = Arrays.stream(labels.get(i)).boxed().toList();
            String other = known.put(tokens, words.get(i));
            if (other != null) {
                throw new InputException("The label words '" + other + "' and '" + words.get(i)
                        + "' are the same tokens; give them different ones with --label-words.");
            }
        }
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    public Settings settings() {
        return settings;
    }

    /** The tokens of each label, the closing one included. */
    public List<int[]> labels() {
        return labels;
    }

    /** The labels' tokens as one tree. */
    LabelTree tree() {
        return tree;
    }

    /** Tokens of the longest label. */
    public int longestLabel() {
        return longestLabel;
    }

    /** Tokens that every text begins with, whatever it is: those of the template before it. */
    int[] beginning() {
        int[] first = filled("");
        int[][] others = {filled("a"), filled("1"), filled(" #")};
        int same = 0;
        while (same < first.length - 1 && beginsAlike(first, others, same)) {
            same++;
        }
        return Arrays.copyOf(first, same);
    }

    private static boolean beginsAlike(int[] first, int[][] others, int at) {
        return Arrays.stream(others).allMatch(ids -> at < ids.length && ids[at] == first[at]);
    }

    /** The template with each text in its place, cut so that every label has room behind it. */
    public List<int[]> encode(List<String> texts) {
        return texts.stream().map(this::encode).toList();
    }

    private int[] encode(String text) {
        int room = settings.maxLength() - (closed ? 0 : longestLabel);
        int[] ids = filled(text);
        if (ids.length <= room) {
            return ids;
        }
        // The longest beginning that fits, found by halving; what stands around the text is never cut.
        int fits = 0;
        int over = text.length();
        while (over - fits > 1) {
            int middle = (fits + over) / 2;
            if (filled(beginning(text, middle)).length <= room) {
                fits = middle;
            } else {
                over = middle;
            }
        }
        return filled(beginning(text, fits));
    }

    /** So many chars, less one where that would cut a pair of surrogates. */
    private static String beginning(String text, int chars) {
        boolean pair = chars > 0 && Character.isHighSurrogate(text.charAt(chars - 1));
        return text.substring(0, pair ? chars - 1 : chars);
    }

    private int[] filled(String text) {
        String whole = settings.template().replace(TEXT, text);
        return closed ? tokenizer.encode(whole, Integer.MAX_VALUE) : tokenizer.encodeOpen(whole);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
