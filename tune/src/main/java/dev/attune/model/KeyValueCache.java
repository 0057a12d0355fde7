package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.full;

import dev.attune.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of a batch that grows token by token. Where a {@link Past} is joined with each pass by a copy of all of
 * it, this holds slots ahead of need: a pass writes its own and nothing else moves. When they run out, there are twice as many.
 *
 * <p>For inference only: keys and values carry no graph. A cache belongs to the {@link PointerScope} it was made in. They are
 * kept in the dtype that {@link ScaledDotProduct} computes in, so that bf16 is not converted again for each token.
 *
 * <p>Shapes: B members, S slots, P of them filled, T tokens of a pass, H key/value heads, D components of a head.
 */
public final class KeyValueCache {
    /** The position of a slot that holds no token: so far back that every window ends before it. */
    private static final long EMPTY = Long.MIN_VALUE / 2;

    private final @Nullable PointerScope scope = PointerScope.getInnerScope();
    private final @Nullable Past start;
    private final List<Past.KeyValues> blocks = new ArrayList<>(); // (B, H, S, D) each
    private int members;
    private int slots;
    private Past filled;
    private Tensor positions; // (B, S), int64

    /**
     * An empty cache.
     *
     * @param start what every member begins with, such as a soft prompt, with keys and values for one member; or null
     * @param members B
     * @param slots how many to make room for: the prompts and what is expected to follow
     */
    public KeyValueCache(@Nullable Past start, int members, int slots) {
        if (start != null && (start.segments().size() != 1 || !start.full())) {
            throw new IllegalArgumentException("Every slot of the start must be filled");
        }
        this.start = start;
        this.members = members;
        this.slots = Math.max(1, slots);
        filled = new Past(List.of(), List.of());
        positions = owned(Tensors.of(new long[members * this.slots], members, this.slots));
        if (start != null) {
            enter(new Past.Segment(start.width(), List.of(start.width())));
        }
    }

    /**
     * The pass of the tokens that come next. It must run through all blocks before another one is made.
     *
     * @param lengths how many tokens each member has in it; the pass is as wide as the longest
     */
    public Attention next(int... lengths) {
        int width = Arrays.stream(lengths).max().orElse(0);
        Past before = filled.segments().isEmpty() ? null : filled;
        var attention = Attention.cached(lengths, width, before, this);
        enter(new Past.Segment(width, Arrays.stream(lengths).boxed().toList()));
        return attention;
    }

    /** Goes on with these members alone, in this order. */
    public void keep(int... remaining) {
        try (Tensor rows = Tensors.of(remaining, remaining.length).to(positions.device(), ScalarType.Long)) {
            for (int i = 0; i < blocks.size(); i++) {
                var block = blocks.get(i);
                Tensor here = rows.to(block.keys().device(), ScalarType.Long);
                blocks.set(
                        i,
                        new Past.KeyValues(
                                replaced(block.keys(), block.keys().index_select(0, here)),
                                replaced(block.values(), block.values().index_select(0, here))));
            }
            positions = replaced(positions, positions.index_select(0, rows));
        }
        members = remaining.length;
        var segments = filled.segments().stream()
                .map(segment -> segment.keep(remaining))
                .toList();
        filled = new Past(segments, List.of());
    }

    /** Writes a pass's keys and values behind the first {@code from} slots. (B, H, T, D) -> (B, H, from + T, D) */
    Past.KeyValues put(int block, int from, Tensor k, Tensor v) {
        if (block == blocks.size()) {
            blocks.add(new Past.KeyValues(allocate(k), allocate(v)));
            if (start != null) {
                var shared = start.blocks().get(block); // (1, H, P, D)
                write(block, 0, shared.keys(), shared.values());
            }
        }
        var all = blocks.get(block);
        if (all.keys().size(2) < slots) {
            all = new Past.KeyValues(grown(all.keys(), from), grown(all.values(), from));
            blocks.set(block, all);
        }
        write(block, from, k, v);
        long to = from + k.size(2);
        return new Past.KeyValues(all.keys().narrow(2, 0, to), all.values().narrow(2, 0, to));
    }

    /** What the last pass's one token of each member sees of the slots, as an additive mask. (B, 1, 1, P), or null for all */
    @Nullable Tensor mask(int window) {
        int width = filled.width();
        if (filled.full() && width <= window) {
            return null;
        }
        Tensor slot = positions.narrow(1, 0, width); // (B, P)
        Tensor own = positions.narrow(1, width - 1L, 1); // (B, 1)
        Tensor hidden = own.sub(slot).ge(new Scalar((long) window)); // (B, P)
        return full(new long[] {members, width}, new Scalar(0.0), new TensorOptions(ScalarType.Float))
                .masked_fill_(hidden, new Scalar(Double.NEGATIVE_INFINITY))
                .view(members, 1, 1, width);
    }

    /** Notes which positions the next slots hold, and makes sure that there are so many. */
    private void enter(Past.Segment segment) {
        int from = filled.width();
        int width = segment.width();
        long[] next = new long[members * width];
        for (int b = 0; b < members; b++) {
            int first = filled.next(b);
            for (int t = 0; t < width; t++) {
                next[b * width + t] = t < segment.length(b) ? first + t : EMPTY;
            }
        }
        if (from + width > slots) {
            slots = Math.max(from + width, 2 * slots);
            Tensor larger = Tensors.of(new long[members * slots], members, slots);
            larger.narrow(1, 0, from).copy_(positions.narrow(1, 0, from));
            positions = replaced(positions, larger);
        }
        positions.narrow(1, from, width).copy_(Tensors.of(next, members, width));
        filled = new Past(filled.followedBy(segment), List.of());
    }

    private void write(int block, int from, Tensor k, Tensor v) {
        var all = blocks.get(block);
        all.keys().narrow(2, from, k.size(2)).copy_(k);
        all.values().narrow(2, from, v.size(2)).copy_(v);
    }

    /** Room like a pass's keys or values, with S slots. (B, H, T, D) -> (B, H, S, D) */
    private Tensor allocate(Tensor like) {
        return owned(like.to(ScaledDotProduct.dtype(like)).new_empty(members, like.size(1), slots, like.size(3)));
    }

    private Tensor grown(Tensor old, int from) {
        Tensor larger = old.new_empty(members, old.size(1), slots, old.size(3));
        larger.narrow(2, 0, from).copy_(old.narrow(2, 0, from));
        return replaced(old, larger);
    }

    private Tensor replaced(Tensor old, Tensor by) {
        old.close();
        return owned(by);
    }

    private <P extends Pointer> P owned(P made) {
        if (scope != null) {
            scope.attach(made);
        }
        return made;
    }
}
