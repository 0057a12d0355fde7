package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.cat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Everything one pass over a batch needs besides its activations: how long each member is, what came before it, and
 * which row of each member is read. Masks and positions follow from these alone, never from looking for a pad id;
 * padding stands on the right.
 *
 * <p>Masks, positions and rotary angles are made when first asked for and kept for the blocks that follow, so an
 * attention belongs to one pass and to the {@link org.bytedeco.javacpp.PointerScope} it was made in; blocks may run in scopes of their own.
 *
 * <p>Shapes: B members, T tokens (the width), P slots of the past, R rows read, H heads, D components of a head.
 */
public final class Attention {
    /** No limit on how far back a query sees. */
    static final int NO_WINDOW = Masks.NO_WINDOW;

    /**
     * Up to this width query heads that share a key head go as so many queries of it, and no key or value is repeated; they need a mask, which
     * grows with the square of the width.
     */
    private static final int GROUPED_WIDTH = 512;

    private final Layout layout;
    /** What an encoder gave, or null for a family without one. */
    private final @Nullable Past memory;
    /** Where each block's keys and values go, or null if nobody asked for them. */
    private final @Nullable Map<Integer, Past.KeyValues> kept;
    /** Holds the past's keys and values and takes the pass's own, or null. */
    private final @Nullable KeyValueCache cache;
    /** How the one member is made up of several texts, or null. */
    private final @Nullable SharedStart sharing;

    private final Masks masks;
    private final PassScope scope = new PassScope();
    private final Places places;
    private final Map<MaskKey, TensorOptional> maskTensors = new HashMap<>();
    private @Nullable TensorOptional memoryMask;

    private record MaskKey(
            boolean causal, int window, @Nullable Bias bias, long repeated, ScalarType dtype) {}

    private Attention(
            Layout layout,
            @Nullable Past memory,
            @Nullable Map<Integer, Past.KeyValues> kept,
            @Nullable KeyValueCache cache,
            @Nullable SharedStart sharing) {
        this.layout = layout;
        this.memory = memory;
        this.kept = kept;
        this.cache = cache;
        this.sharing = sharing;
        this.masks = new Masks(layout);
        this.places = new Places(layout, sharing, scope);
    }

    /** A batch as wide as its longest member. */
    public static Attention of(int... lengths) {
        return of(lengths, Arrays.stream(lengths).max().orElse(0));
    }

    /**
     * A batch of a given width.
     *
     * @param lengths how many tokens each member has, at least 1
     * @param width T: the longest length or more
     */
    public static Attention of(int[] lengths, int width) {
        return new Attention(Layout.of(lengths, width), null, null, null, null);
    }

    /**
     * Texts that begin alike, as one member: first the rows of the beginning, once, then those of each text, one text after the
     * other without padding. Each text sees the beginning and itself. Only blocks that attend causally take it.
     *
     * @param shared S: how many rows they share, at least 1
     * @param lengths how many tokens each text has behind them
     */
    public static Attention sharing(int shared, int... lengths) {
        return sharing(SharedStart.of(shared, lengths));
    }

    private static Attention sharing(SharedStart start) {
        int rows = start.rows();
        return new Attention(Layout.of(new int[] {rows}, rows), null, null, null, start);
    }

    private Attention with(
            Layout newLayout,
            @Nullable Past newMemory,
            @Nullable Map<Integer, Past.KeyValues> newKept,
            @Nullable KeyValueCache newCache) {
        if (sharing != null) {
            throw new IllegalStateException("A pass over texts that share their beginning (" + sharing
                    + ") comes after nothing and keeps nothing");
        }
        return new Attention(newLayout, newMemory, newKept, newCache, null);
    }

    /** The same batch, coming after these keys and values: positions go on where they end. */
    public Attention after(Past before) {
        return with(layout.after(before), memory, kept, null);
    }

    /** A batch whose past is in a cache, in the slots of these segments; its own keys and values join them there. */
    static Attention cached(int[] lengths, int width, @Nullable Past before, KeyValueCache cache) {
        Layout layout = Layout.of(lengths, width);
        return new Attention(before == null ? layout : layout.after(before), null, null, cache, null);
    }

    /** The same batch; each block's keys and values are kept, for {@link #past()}. */
    public Attention keeping() {
        return with(layout, memory, new HashMap<>(), cache);
    }

    /**
     * The same batch in a decoder, whose blocks attend to this as well: what {@link Encoder#memory} gives. It goes on to
     * the passes that are made from this one.
     */
    public Attention attending(Past text) {
        return with(layout, text, kept, cache);
    }

    /**
     * The same batch for its last block: queries and feed-forward are computed for one row of each member, keys and
     * values for all.
     *
     * @param read the row of each member, from 0 to T - 1; of texts that share their beginning any number of rows behind it
     */
    public Attention reading(int... read) {
        return sharing == null ? with(layout.reading(read), memory, kept, cache) : sharing(sharing.reading(read));
    }

    /**
     * The same batch at later positions: so many are left out before each member's first token, as padding on the left
     * does where positions are counted over it.
     *
     * @param positions how many, for each member
     */
    public Attention skipping(int... positions) {
        return sharing == null
                ? with(layout.skipping(positions), memory, kept, cache)
                : sharing(sharing.skipping(positions));
    }

    /**
     * The same batch, all of one length, with its tokens as the nodes of a tree: a token sees itself, its ancestors and
     * the past, and stands as many positions behind the past as it has ancestors. Continuations that begin alike share
     * their beginning in one pass.
     *
     * @param parents for each token the row of the one it follows, before its own, or -1 where it follows the past
     */
    public Attention branching(int... parents) {
        return with(layout.branching(parents), memory, kept, cache);
    }

    /** B. */
    public int batch() {
        return layout.batch();
    }

    /** T. */
    public int width() {
        return layout.width();
    }

    /** How many tokens each member has in this pass. */
    public int[] lengths() {
        return layout.lengths().clone();
    }

    /** The last row of each member that holds a token. */
    public int[] lastRows() {
        return Arrays.stream(layout.lengths()).map(n -> n - 1).toArray();
    }

    /** Positions of the pass's tokens, int64: (1, T) where all members start at the same one, else (B, T). */
    public Tensor positions() {
        return places.positions();
    }

    /**
     * What the pass and its past leave behind, for the pass that follows.
     *
     * @throws IllegalStateException if this pass does not {@linkplain #keeping() keep} its keys and values
     */
    public Past past() {
        if (kept == null || kept.isEmpty()) {
            throw new IllegalStateException("This pass has kept no keys and values; it must be made with keeping()");
        }
        var blocks = new ArrayList<Past.KeyValues>();
        for (int i = 0; i < kept.size(); i++) {
            Past.KeyValues block = kept.get(i);
            if (block == null) {
                throw new IllegalStateException("Block " + i + " was not run in this pass");
            }
            blocks.add(block);
        }
        Past past = layout.past();
        Past.Segment segment = segment();
        return new Past(past == null ? List.of(segment) : past.followedBy(segment), blocks);
    }

    /** The pass's tokens as the segment of a past. */
    Past.Segment segment() {
        return layout.segment();
    }

    /** Whether only some rows are read. */
    boolean reads() {
        return layout.rows() != null || (sharing != null && sharing.rowsRead() != null);
    }

    /** Whether one row of each member is read, and the keys and values of this pass serve nothing else. */
    boolean readsAlone() {
        return layout.rows() != null && layout.past() == null && kept == null && cache == null;
    }

    /** The rows that are read, R of each member; x itself where all are. (B, T, C) -> (B, R, C) */
    Tensor read(Tensor x) {
        return places.read(x);
    }

    /** Turns queries by the positions of the rows that are read. (B, R, H, D) -> (B, R, H, D) */
    Tensor rotateQueries(Rotary rotary, Tensor queries) {
        return places.angles(rotary, reads(), queries).rotate(queries);
    }

    /** Turns keys by the positions of all rows. (B, T, H, D) -> (B, T, H, D) */
    Tensor rotateKeys(Rotary rotary, Tensor keys) {
        return places.angles(rotary, false, keys).rotate(keys);
    }

    /**
     * Attention in which a token sees itself and the tokens before it, in a branching pass those on its own branch.
     *
     * @param block which block asks: its part of the past is used
     * @param q (B, H, R, D)
     * @param k (B, H or a divisor of it, T, D)
     * @param v like k
     * @param window how many tokens it sees at most, itself included, or {@link #NO_WINDOW}
     * @param dropout rate on the attention weights
     * @return (B, H, R, D)
     */
    Tensor causal(int block, Tensor q, Tensor k, Tensor v, int window, double dropout) {
        return causal(block, q, k, v, window, null, dropout);
    }

    /** The same without a window, with a bias on the scores. */
    Tensor causal(int block, Tensor q, Tensor k, Tensor v, Bias bias, double dropout) {
        return causal(block, q, k, v, NO_WINDOW, bias, dropout);
    }

    private Tensor causal(int block, Tensor q, Tensor k, Tensor v, int window, @Nullable Bias bias, double dropout) {
        return sharing == null
                ? attend(q, join(block, k, v), window, bias, dropout)
                : sharing.causal(q, k, v, window, bias, dropout);
    }

    /**
     * The same over keys and values that are joined already.
     *
     * @param all (B, H or a divisor of it, P + T, D)
     */
    Tensor attend(Tensor q, Past.KeyValues all, int window, @Nullable Bias bias, double dropout) {
        boolean grouped = q.size(1) > all.keys().size(1) && width() <= GROUPED_WIDTH;
        if (!grouped && layout.past() == null && !reads() && !layout.branches() && window >= width() && bias == null) {
            return ScaledDotProduct.attend(q, all, new TensorOptional(), dropout, true);
        }
        long repeated = bias == null && q.size(2) > 1 ? q.size(1) / all.keys().size(1) : 1;
        TensorOptional mask = causalMask(q, window, bias, repeated);
        return repeated > 1
                ? ScaledDotProduct.grouped(q, all, mask, dropout)
                : ScaledDotProduct.attend(q, all, mask, dropout, false);
    }

    /**
     * Causal attention of the rows that are {@linkplain #readsAlone read alone}.
     *
     * @param q (B, H, 1, D)
     * @param x (B, T, C)
     * @return (B, H, 1, D)
     */
    Tensor causal(Tensor q, Tensor x, RowAttention.Heads keys, RowAttention.Heads values, double dropout) {
        return RowAttention.attend(q, x, keys, values, causalMask(q, NO_WINDOW, null, 1), dropout);
    }

    private TensorOptional causalMask(Tensor q, int window, @Nullable Bias bias, long repeated) {
        return maskTensors.computeIfAbsent(
                new MaskKey(true, window, bias, repeated, ScaledDotProduct.dtype(q)),
                key -> scope.keep(tensor(repeated(biased(causalMask(window), bias), repeated), q)));
    }

    /** One mask for each of the query heads that share a key head. (B or 1, 1, R, S) -> (B or 1, 1, n R, S) */
    private static @Nullable Tensor repeated(@Nullable Tensor mask, long times) {
        return mask == null || times == 1 ? mask : mask.repeat(1, 1, times, 1);
    }

    private @Nullable Tensor causalMask(int window) {
        return cache != null && width() == 1 ? cache.mask(window) : masks.causal(window);
    }

    /** Attention in which a token sees all tokens of its member; shapes as for {@link #causal}. */
    Tensor bidirectional(int block, Tensor q, Tensor k, Tensor v, double dropout) {
        return bidirectional(block, q, k, v, null, dropout);
    }

    /** The same with a bias on the scores. */
    Tensor bidirectional(int block, Tensor q, Tensor k, Tensor v, @Nullable Bias bias, double dropout) {
        return ScaledDotProduct.attend(q, join(block, k, v), bidirectionalMask(q, bias), dropout, false);
    }

    /** Bidirectional attention of the rows that are {@linkplain #readsAlone read alone}; shapes as for {@link #causal}. */
    Tensor bidirectional(Tensor q, Tensor x, RowAttention.Heads keys, RowAttention.Heads values, double dropout) {
        return RowAttention.attend(q, x, keys, values, bidirectionalMask(q, null), dropout);
    }

    private TensorOptional bidirectionalMask(Tensor q, @Nullable Bias bias) {
        return maskTensors.computeIfAbsent(
                new MaskKey(false, NO_WINDOW, bias, 1, ScaledDotProduct.dtype(q)),
                key -> scope.keep(tensor(biased(masks.bidirectional(), bias), q)));
    }

    /**
     * Attention in which a token sees all of its member's text in the {@linkplain #attending memory}.
     *
     * @param q (B, H, R, D)
     * @return (B, H, R, D)
     */
    Tensor cross(int block, Tensor q, double dropout) {
        if (memory == null) {
            throw new IllegalStateException("A decoder's pass needs what its encoder gave: attending(memory)");
        }
        Past.KeyValues text = memory.blocks().get(block);
        if (memoryMask == null) {
            memoryMask = scope.keep(tensor(Masks.memory(memory, batch()), q));
        }
        return ScaledDotProduct.attend(q, text, memoryMask, dropout, false);
    }

    /** The past's keys and values followed by the pass's own. (B, H, T, D) -> (B, H, P + T, D) */
    private Past.KeyValues join(int block, Tensor k, Tensor v) {
        Past past = layout.past();
        if (cache != null) {
            return cache.put(block, past == null ? 0 : past.width(), k, v);
        }
        var all = new Past.KeyValues(k, v);
        if (past != null) {
            Past.KeyValues before = past.blocks().get(block);
            all = new Past.KeyValues(join(before.keys(), k), join(before.values(), v));
        }
        if (kept != null) {
            kept.put(block, new Past.KeyValues(scope.keep(all.keys()), scope.keep(all.values())));
        }
        return all;
    }

    /** A past that all members share, followed by their own. (1, H, P, D) and (B, H, T, D) -> (B, H, P + T, D) */
    private static Tensor join(Tensor before, Tensor own) {
        Tensor shared = before.to(own.device(), own.scalar_type())
                .expand(own.size(0), own.size(1), before.size(2), own.size(3)); // (1, H, P, D) -> (B, H, P, D)
        return cat(new TensorVector(shared, own), 2);
    }

    /** The mask with the bias on top: (B or 1, 1 or H, R or 1, P + T), or null for neither. */
    private @Nullable Tensor biased(@Nullable Tensor mask, @Nullable Bias bias) {
        if (bias == null) {
            return mask;
        }
        Tensor values = bias.of(layout.queryOrdinals(), layout.keyOrdinals());
        return mask == null ? values : values.add(mask.to(values.device(), ScalarType.Float));
    }

    private static TensorOptional tensor(@Nullable Tensor mask, Tensor like) {
        return mask == null
                ? new TensorOptional()
                : new TensorOptional(mask.to(like.device(), ScaledDotProduct.dtype(like)));
    }
}
