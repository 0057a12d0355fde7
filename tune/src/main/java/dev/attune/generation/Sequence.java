package dev.attune.generation;

import dev.attune.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One text while it is generated. */
final class Sequence {
    private final int place;
    private final int[] prompt;
    private final int limit;
    private final TextStream stream;
    private final GenerationListener listener;
    private final List<Integer> ids = new ArrayList<>();
    private Generation.@Nullable Finish finish;

    /**
     * @param place of the prompt among all that were given
     * @param before what the text is decoded behind: the prompt, or nothing where an encoder reads it
     * @param limit most tokens to add
     */
    Sequence(
            int place,
            int[] prompt,
            int[] before,
            int limit,
            Tokenizer tokenizer,
            List<String> stops,
            GenerationListener listener) {
        this.place = place;
        this.prompt = prompt;
        this.limit = limit;
        this.stream = new TextStream(tokenizer, before, stops);
        this.listener = listener;
    }

    int place() {
        return place;
    }

    int[] prompt() {
        return prompt;
    }

    int limit() {
        return limit;
    }

    boolean finished() {
        return finish != null;
    }

    /** @param ends the tokens that end a text */
    void add(int id, Set<Integer> ends) {
        ids.add(id);
        if (ends.contains(id)) {
            end(Generation.Finish.END);
            return;
        }
        String piece = stream.add(id);
        boolean more = piece.isEmpty() || listener.piece(place, piece);
        if (stream.stopped()) {
            end(Generation.Finish.STOP);
        } else if (!more) {
            finish = Generation.Finish.CANCELLED;
        } else if (ids.size() == limit) {
            end(Generation.Finish.LENGTH);
        }
    }

    private void end(Generation.Finish why) {
        String rest = stream.finish();
        // What was held back for want of more tokens may hold a stop string after all.
        finish = stream.stopped() ? Generation.Finish.STOP : why;
        if (!rest.isEmpty()) {
            listener.piece(place, rest);
        }
    }

    Generation result() {
        if (finish == null) {
            throw new IllegalStateException("The text is not finished");
        }
        return new Generation(stream.text(), ids, prompt.length, finish);
    }
}
