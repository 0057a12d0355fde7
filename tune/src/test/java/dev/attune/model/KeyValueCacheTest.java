package dev.attune.model;

import static dev.attune.model.Golden.assertClose;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes over a cache give what one pass over everything gives, whatever their widths and however few slots there are. */
class KeyValueCacheTest {
    private static final double TOLERANCE = 1e-5;
    private static final int[] START = {9, 60, 33};
    /** Three passes of a batch of unequal lengths, then single tokens: longer together than mistral's window. */
    private static final int[][] LENGTHS = {{4, 2, 5}, {1, 3, 2}, {1, 1, 1}, {1, 1, 1}};

    private final PointerScope scope = new PointerScope();

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bloom", "gpt2", "llama", "mistral", "qwen2"})
    void goesOnAsIfAllHadRunAtOnce(String family) {
        var backbone = load(family);
        var ids = Golden.causal(family).ids();
        for (int slots : new int[] {1, 100}) {
            passes(backbone, ids, new KeyValueCache(null, 3, slots), new int[0]);
            passes(backbone, ids, new KeyValueCache(start(backbone), 3, slots), START);
        }
        backbone.close();
    }

    /** Each pass's rows against those of the whole text of each member alone. */
    private static void passes(Backbone backbone, Tensor ids, KeyValueCache cache, int... before) {
        int[] done = new int[3];
        for (int[] lengths : LENGTHS) {
            Tensor states = Golden.hidden(backbone, rows(ids, done, lengths), cache.next(lengths));
            for (int b = 0; b < 3; b++) {
                Tensor alone = alone(backbone, ids, b, done[b] + lengths[b], before);
                assertClose(
                        "member " + b,
                        states.select(0, b).narrow(0, 0, lengths[b]),
                        alone.narrow(0, before.length + done[b], lengths[b]),
                        TOLERANCE);
                done[b] += lengths[b];
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bloom", "gpt2", "llama", "mistral", "qwen2"})
    void goesOnWithSomeOfTheMembers(String family) {
        var backbone = load(family);
        var ids = Golden.causal(family).ids();
        var cache = new KeyValueCache(start(backbone), 3, 4);
        int[] lengths = {4, 2, 5};
        Golden.hidden(backbone, rows(ids, new int[3], lengths), cache.next(lengths));

        cache.keep(2, 1);
        int[][] next = {{token(ids, 2, 5)}, {token(ids, 1, 2)}};
        Tensor states = Golden.hidden(backbone, Tensors.of(next), cache.next(1, 1));

        assertClose(
                "2",
                states.select(0, 0).select(0, 0),
                alone(backbone, ids, 2, 6, START).select(0, 8),
                TOLERANCE);
        assertClose(
                "1",
                states.select(0, 1).select(0, 0),
                alone(backbone, ids, 1, 3, START).select(0, 5),
                TOLERANCE);
        backbone.close();
    }

    @Test
    void keepsWhatAttentionComputesWithInFp32() {
        var golden = Golden.causal("llama");
        var backbone = golden.load(LoadOptions.frozen(new Head.LanguageModel()).withFrozen(Dtype.BF16))
                .backbone();
        var cache = new KeyValueCache(null, 1, 8);
        Golden.hidden(backbone, golden.ids().narrow(0, 1, 1), cache.next(11));
        Tensor k = torch.zeros(1, 2, 1, 8).to(torch.ScalarType.BFloat16);
        cache.next(1);

        assertThat(Dtype.of(cache.put(0, 11, k, k).keys())).isEqualTo(Dtype.F32);
        backbone.close();
    }

    @Test
    void masksNothingWhereNothingIsHidden() {
        var cache = new KeyValueCache(null, 2, 8);
        cache.next(3, 3);
        cache.next(1, 1);
        assertThat(cache.mask(4)).isNull();
        assertThat(Tensors.toFloats(requireNonNull(cache.mask(2)))).containsExactly(hidden(0, 0, 1, 1, 0, 0, 1, 1));
        var unequal = new KeyValueCache(null, 2, 8);
        unequal.next(3, 1);
        unequal.next(1, 1);
        assertThat(Tensors.toFloats(requireNonNull(unequal.mask(Attention.NO_WINDOW))))
                .containsExactly(hidden(1, 1, 1, 1, 1, 0, 0, 1));
    }

    @Test
    void refusesAStartWithEmptySlots() {
        Tensor kv = torch.zeros(2, 1, 3, 4);
        var holes = new Past(List.of(new Past.Segment(3, List.of(1, 3))), List.of(new Past.KeyValues(kv, kv)));
        assertThatThrownBy(() -> new KeyValueCache(holes, 2, 8)).isInstanceOf(IllegalArgumentException.class);
    }

    /** An additive mask from flags: 1 is seen. */
    private static float[] hidden(int... seen) {
        float[] mask = new float[seen.length];
        for (int i = 0; i < seen.length; i++) {
            mask[i] = seen[i] == 1 ? 0 : Float.NEGATIVE_INFINITY;
        }
        return mask;
    }

    private static Backbone load(String family) {
        return Golden.causal(family)
                .load(LoadOptions.frozen(new Head.LanguageModel()))
                .backbone();
    }

    private static Past start(Backbone backbone) {
        var attention = Attention.of(START.length).keeping();
        Golden.hidden(backbone, Tensors.of(new int[][] {START}), attention);
        return Past.of(attention.past().blocks());
    }

    /** The states of a member's first tokens, behind the start. (start + count, C) */
    private static Tensor alone(Backbone backbone, Tensor ids, int member, int count, int... before) {
        int[] all = new int[before.length + count];
        System.arraycopy(before, 0, all, 0, before.length);
        for (int t = 0; t < count; t++) {
            all[before.length + t] = token(ids, member, t);
        }
        return Golden.hidden(backbone, Tensors.of(new int[][] {all}), Attention.of(all.length))
                .select(0, 0);
    }

    /** Each member's tokens from {@code from} on, padded on the right with 0. */
    private static Tensor rows(Tensor ids, int[] from, int[] lengths) {
        int width = Arrays.stream(lengths).max().orElseThrow();
        int[][] rows = new int[lengths.length][width];
        for (int b = 0; b < lengths.length; b++) {
            for (int t = 0; t < lengths[b]; t++) {
                rows[b][t] = token(ids, b, from[b] + t);
            }
        }
        return Tensors.of(rows);
    }

    private static int token(Tensor ids, int member, int at) {
        return Tensors.toInts(ids.select(0, member))[at];
    }
}
