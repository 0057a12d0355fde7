package dev.attune.generation;

import dev.attune.files.InputException;
import java.util.Arrays;

/**
 * How many tokens there is room for.
 *
 * @param positions most tokens that the model takes
 * @param vocabulary how many tokens the model knows
 * @param encoded whether an encoder reads the prompts, so that max-length counts the text alone, with its start token
 * @param virtualTokens how many positions are taken before every prompt
 */
record Limits(int positions, int vocabulary, boolean encoded, int virtualTokens, GenerationOptions options) {
    /**
     * Most tokens to add to a prompt, at least one.
     *
     * @param name of the prompt, to begin a message with
     */
    int newTokens(String name, int[] prompt) {
        if (prompt.length == 0) {
            throw new InputException(
                    name + " has no tokens, and the model has none to begin a text with. Give some text.");
        }
        int largest = Arrays.stream(prompt).max().orElse(0);
        if (largest >= vocabulary) {
            throw new InputException(name + " has the token " + largest + ", but the model knows the tokens 0 to "
                    + (vocabulary - 1) + ": its tokenizer.json is that of another model.");
        }
        int room = positions - virtualTokens - prompt.length;
        if (room < 1) {
            String before = virtualTokens == 0 ? "" : " and " + virtualTokens + " virtual ones before it";
            throw new InputException(name + " has " + prompt.length + " tokens" + before
                    + ", but the model takes at most " + positions + ", new ones included. Shorten it.");
        }
        Integer maxLength = options.maxLength();
        if (maxLength == null) {
            Integer most = options.maxNewTokens();
            return Math.min(room, most == null ? GenerationOptions.USUAL_NEW_TOKENS : most);
        }
        if (encoded) {
            if (maxLength == 1) {
                throw new InputException(
                        "max-length is 1, and the token that a text starts with counts as one: there is no"
                                + " room for a new one. Give a larger max-length, or max-new-tokens, which counts new ones alone.");
            }
            return maxLength - 1;
        }
        if (maxLength <= prompt.length) {
            throw new InputException(name + " has " + prompt.length + " tokens and max-length is " + maxLength
                    + ", which counts prompt and new tokens together: there is no room for a new one. Give a larger"
                    + " max-length, or max-new-tokens, which counts new ones alone.");
        }
        return Math.min(room, maxLength - prompt.length);
    }
}
