package dev.attune.generation;

import java.util.List;

/**
 * What was added to a prompt.
 *
 * @param text the text behind the prompt, without special tokens and without a stop string that ended it
 * @param ids its tokens, the one that ended it included
 * @param promptTokens how many tokens the prompt has
 * @param finish why it ended
 */
public record Generation(String text, List<Integer> ids, int promptTokens, Finish finish) {
    /** Why a text ended. */
    public enum Finish {
        /** The model gave an end token. */
        END,
        /** A stop string came up. */
        STOP,
        /** There is no room for more tokens: max-new-tokens, max-length or the model's own. */
        LENGTH,
        /** The listener asked for no more. */
        CANCELLED
    }

    public Generation {
        ids = List.copyOf(ids);
    }
}
