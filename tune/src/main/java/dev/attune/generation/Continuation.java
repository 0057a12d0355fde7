package dev.attune.generation;

import dev.attune.model.Attention;
import dev.attune.model.Backbone;
import dev.attune.model.Blocks;
import dev.attune.model.KeyValueCache;
import dev.attune.model.Past;
import dev.attune.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A batch of texts that grow, and the scores of what comes next in each. Keys and values of what was run are kept, or the whole
 * of each text is run again for every token.
 *
 * <p>Shapes: B texts, T tokens that are run at once, C hidden size, V tokens of the vocabulary.
 */
final class Continuation {
    private final Backbone backbone;
    private final @Nullable Past start;
    private final @Nullable KeyValueCache cache;
    /** What an encoder gave of each text's prompt, or null. */
    private @Nullable Past memory;
    /** All of each text's tokens, where no keys and values are kept. */
    private List<int[]> texts = List.of();

    private Continuation(
            Backbone backbone, @Nullable Past start, @Nullable Past memory, @Nullable KeyValueCache cache) {
        this.backbone = backbone;
        this.start = start;
        this.memory = memory;
        this.cache = cache;
    }

    /**
     * Texts whose keys and values are kept.
     *
     * @param start what stands before every text, or null
     * @param memory what an encoder gave of each text's prompt, or null
     * @param texts B
     * @param room how many tokens a text may come to have without the cache being copied to a larger one
     */
    static Continuation cached(Backbone backbone, @Nullable Past start, @Nullable Past memory, int texts, int room) {
        int before = start == null ? 0 : start.width();
        return new Continuation(backbone, start, memory, new KeyValueCache(start, texts, before + room));
    }

    /** Texts that are run again for every token. */
    static Continuation recomputed(Backbone backbone, @Nullable Past start, @Nullable Past memory) {
        return new Continuation(backbone, start, memory, null);
    }

    /**
     * Appends tokens to each text: those that the model is given first, then one at a time.
     *
     * @return the scores of the token behind each text's last, fp32 (B, V)
     */
    Tensor append(List<int[]> tokens) {
        if (cache != null) {
            return next(tokens, cache.next(lengths(tokens)));
        }
        var before = texts;
        texts = before.isEmpty()
                ? tokens
                : IntStream.range(0, tokens.size())
                        .mapToObj(b -> joined(before.get(b), tokens.get(b)))
                        .toList();
        var attention = Attention.of(lengths(texts));
        return next(texts, start == null ? attention : attention.after(start));
    }

    /** Goes on with these texts alone, in this order. */
    void keep(int... remaining) {
        memory = memory == null ? null : memory.keep(remaining);
        if (cache != null) {
            cache.keep(remaining);
        } else {
            texts = IntStream.of(remaining).mapToObj(texts::get).toList();
        }
    }

    /** Runs the tokens, padded on the right, and reads each text's last row. (B, T) -> (B, V) */
    private Tensor next(List<int[]> tokens, Attention pass) {
        var attention = memory == null ? pass : pass.attending(memory);
        int width = attention.width();
        Tensor x = backbone.embed(Tensors.padded(tokens), attention.positions()); // (B, T) -> (B, T, C)
        int last = backbone.depth() - 1;
        x = Blocks.run(backbone, x, attention, 0, last);
        x = backbone.block(last, x, width == 1 ? attention : attention.reading(attention.lastRows())); // (B, 1, C)
        return backbone.lmHead(backbone.norm(x.select(1, 0))).to(ScalarType.Float); // (B, C) -> (B, V)
    }

    private static int[] lengths(List<int[]> tokens) {
        return tokens.stream().mapToInt(ids -> ids.length).toArray();
    }

    private static int[] joined(int[] a, int[] b) {
        int[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }
}
