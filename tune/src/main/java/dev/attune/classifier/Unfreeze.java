package dev.attune.classifier;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.attune.files.InputException;
import dev.attune.model.Part;
import java.util.function.Predicate;

/**
 * Which parts of a model are trained: the head, with the last blocks and the final norm under it, or everything.
 *
 * @param blocks how many blocks from the top
 * @param everything all blocks and the embeddings too
 */
public record Unfreeze(int blocks, boolean everything) {
    /** The head alone (BERT's pooler counts as part of it). */
    public static final Unfreeze HEAD = new Unfreeze(0, false);
    /** The last block, the final norm and the head. */
    public static final Unfreeze LAST_BLOCK = new Unfreeze(1, false);
    /** Every parameter. */
    public static final Unfreeze ALL = new Unfreeze(0, true);

    public Unfreeze {
        if (blocks < 0) {
            throw new IllegalArgumentException("blocks: " + blocks);
        }
    }

    /** The last {@code n} blocks, the final norm and the head. */
    public static Unfreeze last(int n) {
        return new Unfreeze(n, false);
    }

    /** Reads {@code head}, {@code last-block}, {@code last-N} or {@code all}. */
    @JsonCreator
    public static Unfreeze parse(String text) {
        return switch (text) {
            case "head" -> HEAD;
            case "last-block" -> LAST_BLOCK;
            case "all" -> ALL;
            default -> {
                if (!text.matches("last-[1-9][0-9]{0,3}")) {
                    throw new InputException(
                            "unfreeze is '" + text + "'; it takes head, last-block, last-N (such as last-2) or all.");
                }
                yield last(Integer.parseInt(text.substring("last-".length())));
            }
        };
    }

    /** Whether a part of a model of {@code depth} blocks is trained. */
    public Predicate<Part> parts(int depth) {
        return part -> switch (part.kind()) {
            case HEAD, POOLER -> true;
            case NORM -> everything || blocks > 0;
            case BLOCK -> everything || part.block() >= depth - blocks;
            case EMBEDDINGS, ENCODER_BLOCK, ENCODER_NORM -> everything;
            case LM_HEAD -> false;
        };
    }

    @JsonValue
    @Override
    public String toString() {
        return everything ? "all" : blocks == 0 ? "head" : blocks == 1 ? "last-block" : "last-" + blocks;
    }
}
