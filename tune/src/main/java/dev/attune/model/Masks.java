package dev.attune.model;

import dev.attune.torch.Tensors;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Which key each query sees, from lengths alone: slots of the past first, then the pass's own tokens, padded on the
 * right. A mask is an additive one: 0 where a key is seen, -∞ where it is not; members and queries that all have the
 * same one share it. There is none where every query sees every key.
 */
final class Masks {
    /** No limit on how far back a query sees. */
    static final int NO_WINDOW = Integer.MAX_VALUE;

    private final Layout layout;
    private final int width;

    Masks(Layout layout) {
        this.layout = layout;
        this.width = layout.width();
    }

    /**
     * A query sees itself and what comes before it (in a tree: on its own branch), no further back than the window.
     * Padding needs no mask of its own: it stands on the right, where no query that counts can see it.
     *
     * @return (B or 1, 1, R, P + T), or null
     */
    @Nullable Tensor causal(int window) {
        int[] rows = layout.rows();
        boolean each = rows != null || !pastFull() || (window != NO_WINDOW && !layout.samePositions());
        return fill(each ? layout.batch() : 1, rows == null ? width : 1, keys(), (member, query, seen) -> {
            int row = rows == null ? query : rows[member];
            int position = layout.position(member, row);
            pastSeen(member, seen, p -> position - p < window);
            for (int key = row; key >= 0; key = layout.parent(key)) {
                seen[seen.length - width + key] = layout.depth(row) - layout.depth(key) < window;
            }
        });
    }

    /** Every query sees every token of its member. (B or 1, 1, 1, P + T), or null */
    @Nullable Tensor bidirectional() {
        int[] lengths = layout.lengths();
        boolean each = Arrays.stream(lengths).anyMatch(n -> n < width) || !pastFull();
        return fill(each ? layout.batch() : 1, 1, keys(), (member, query, seen) -> {
            pastSeen(member, seen, p -> true);
            Arrays.fill(seen, seen.length - width, seen.length - width + lengths[member], true);
        });
    }

    /** Every query sees every token of its member in a memory. (B or 1, 1, 1, S), or null */
    static @Nullable Tensor memory(Past text, int batch) {
        return fill(text.full() ? 1 : batch, 1, text.width(), (member, query, seen) -> {
            int[] positions = text.positions(member);
            for (int slot = 0; slot < positions.length; slot++) {
                seen[slot] = positions[slot] >= 0;
            }
        });
    }

    private interface Row {
        void mark(int member, int query, boolean[] seen);
    }

    /** The mask, or null where every query sees every key. */
    private static @Nullable Tensor fill(int members, int queries, int keys, Row row) {
        float[] values = new float[Math.multiplyExact(Math.multiplyExact(members, queries), keys)];
        boolean[] seen = new boolean[keys];
        boolean masked = false;
        for (int i = 0; i < members * queries; i++) {
            Arrays.fill(seen, false);
            row.mark(i / queries, i % queries, seen);
            for (int key = 0; key < keys; key++) {
                if (!seen[key]) {
                    values[i * keys + key] = Float.NEGATIVE_INFINITY;
                    masked = true;
                }
            }
        }
        return masked ? Tensors.of(values, members, 1, queries, keys) : null;
    }

    private int keys() {
        Past past = layout.past();
        return (past == null ? 0 : past.width()) + width;
    }

    private boolean pastFull() {
        Past past = layout.past();
        return past == null || past.full();
    }

    private void pastSeen(int member, boolean[] seen, IntPredicate visible) {
        Past past = layout.past();
        if (past != null) {
            int[] positions = past.positions(member);
            for (int slot = 0; slot < positions.length; slot++) {
                seen[slot] = positions[slot] >= 0 && visible.test(positions[slot]);
            }
        }
    }
}
