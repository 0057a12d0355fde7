package dev.attune.model;

import dev.attune.torch.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows of a pass stand, as tensors: their positions, the rotary angles of those, and which rows are read. Made when
 * first asked for, and kept for the blocks that follow.
 *
 * <p>Shapes as in {@link Attention}.
 */
final class Places {
    private final Layout layout;
    private final @Nullable SharedStart sharing;
    private final PassScope scope;
    private final Map<AnglesKey, Rotary.Angles> angles = new HashMap<>();
    private @Nullable Tensor positions;
    private @Nullable Tensor flatRows;

    private record AnglesKey(Rotary rotary, boolean rows, ScalarType dtype) {}

    Places(Layout layout, @Nullable SharedStart sharing, PassScope scope) {
        this.layout = layout;
        this.sharing = sharing;
        this.scope = scope;
    }

    /** int64: (1, T) where all members start at the same position, else (B, T). */
    Tensor positions() {
        if (positions == null) {
            int[][] all = rows(false);
            long[] flat = Arrays.stream(all)
                    .flatMapToInt(Arrays::stream)
                    .asLongStream()
                    .toArray();
            positions = scope.keep(Tensors.of(flat, all.length, layout.width()));
        }
        return positions;
    }

    /** The rows that are read; x itself where all are. (B, T, C) -> (B, R, C) */
    Tensor read(Tensor x) {
        int[] rows = sharing == null ? layout.rows() : sharing.rowsRead();
        if (rows == null) {
            return x;
        }
        if (flatRows == null) {
            long[] flat = IntStream.range(0, rows.length)
                    .mapToLong(i -> sharing == null ? (long) i * layout.width() + rows[i] : rows[i])
                    .toArray();
            flatRows = scope.keep(Tensors.of(flat, flat.length).to(x.device(), ScalarType.Long));
        }
        Tensor read = x.reshape(-1, x.size(2)).index_select(0, flatRows); // (B, T, C) -> (B R, C)
        return read.unflatten(0, x.size(0), -1); // (B R, C) -> (B, R, C)
    }

    /** Of all rows, or of those that are read; for queries or keys of the dtype that {@code like} has. */
    Rotary.Angles angles(Rotary rotary, boolean ofRowsRead, Tensor like) {
        return angles.computeIfAbsent(new AnglesKey(rotary, ofRowsRead, like.scalar_type()), key -> {
            var made = rotary.angles(rows(ofRowsRead), like);
            return new Rotary.Angles(scope.keep(made.cos()), scope.keep(made.sin()));
        });
    }

    /** Positions: one line for each member, or one for all where they are the same. */
    private int[][] rows(boolean ofRowsRead) {
        if (sharing != null) {
            int[] positions = sharing.positions();
            int[] read = sharing.rowsRead();
            return new int[][] {
                ofRowsRead && read != null
                        ? Arrays.stream(read).map(row -> positions[row]).toArray()
                        : positions
            };
        }
        int[] rows = ofRowsRead ? layout.rows() : null;
        return IntStream.range(0, rows == null && layout.samePositions() ? 1 : layout.batch())
                .mapToObj(b -> rows == null
                        ? IntStream.range(0, layout.width())
                                .map(row -> layout.position(b, row))
                                .toArray()
                        : new int[] {layout.position(b, rows[b])})
                .toArray(int[][]::new);
    }
}
