package dev.attune.generation;

import dev.attune.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;

/**
 * Turns a text's tokens into pieces of text as they come. A token may end within a character, and the same token may be written
 * otherwise behind another one (SentencePiece drops a text's first space); so the last few tokens are decoded together, and what
 * a token adds is the piece. That stays as short however long the text is.
 */
final class TextStream {
    /** So many of the prompt's tokens are decoded with the first new one. */
    private static final int CONTEXT = 5;
    /** What a decoder gives for bytes that are no character, or not yet. */
    private static final char REPLACEMENT = '\uFFFD';

    private final Tokenizer tokenizer;
    private final List<String> stops;
    private final StringBuilder text = new StringBuilder();
    /** The tokens that are decoded together. */
    private int[] window;
    /** How many of them had given whole characters when the window was last moved. */
    private int read;
    /** How many characters of the window are in the text. */
    private int taken;
    /** How many characters of the text have been handed out. */
    private int given;

    private boolean stopped;

    /** @param stops strings before which the text ends */
    TextStream(Tokenizer tokenizer, int[] prompt, List<String> stops) {
        this.tokenizer = tokenizer;
        this.stops = stops;
        window = Arrays.copyOfRange(prompt, Math.max(0, prompt.length - CONTEXT), prompt.length);
        read = window.length;
        taken = whole(decode());
    }

    /** Takes the next token and gives the text that is certain by now; it may be empty. */
    String add(int id) {
        window = Arrays.copyOf(window, window.length + 1);
        window[window.length - 1] = id;
        String decoded = decode();
        int whole = whole(decoded);
        if (whole > taken) {
            text.append(decoded, taken, whole);
            taken = whole;
            if (whole == decoded.length()) {
                window = Arrays.copyOfRange(window, read, window.length);
                read = window.length;
                taken = decode().length();
            }
        }
        cutAtStop();
        return handOut(stopped ? 0 : mayBecomeStop());
    }

    /** The rest of the text, once no token follows. */
    String finish() {
        String decoded = decode();
        if (!stopped && decoded.length() > taken) {
            text.append(decoded, taken, decoded.length());
            cutAtStop();
        }
        return handOut(0);
    }

    /** Whether a stop string came up; the text ends before it. */
    boolean stopped() {
        return stopped;
    }

    /** All of the text so far. */
    String text() {
        return text.toString();
    }

    private String decode() {
        return tokenizer.decode(window, true);
    }

    /** How many characters come before those that are not whole yet. */
    private static int whole(String decoded) {
        int end = decoded.length();
        while (end > 0 && decoded.charAt(end - 1) == REPLACEMENT) {
            end--;
        }
        return end;
    }

    /** A stop string cannot begin in what has been handed out. */
    private void cutAtStop() {
        int end = stops.stream()
                .mapToInt(stop -> text.indexOf(stop, given))
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
        if (end >= 0) {
            text.setLength(end);
            stopped = true;
        }
    }

    /** How many characters at the end are the beginning of a stop string. */
    private int mayBecomeStop() {
        String rest = text.substring(given);
        return stops.stream()
                .mapToInt(stop -> {
                    int length = Math.min(stop.length() - 1, rest.length());
                    while (!rest.endsWith(stop.substring(0, length))) {
                        length--;
                    }
                    return length;
                })
                .max()
                .orElse(0);
    }

    private String handOut(int heldBack) {
        String piece = text.substring(given, text.length() - heldBack);
        given += piece.length();
        return piece;
    }
}
