package dev.attune.model;

import static dev.attune.model.Golden.assertClose;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pass does not depend on how it is cut: by members, by rows, or into past and present. */
class AttentionTest {
    private static final double TOLERANCE = 1e-5;

    private final PointerScope scope = new PointerScope();

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#classifiers")
    void readsOneRowAsTheFullPassHasIt(String family) {
        var golden = Golden.classifier(family);
        var backbone = load(golden);
        var attention = Attention.of(golden.lengths());
        Tensor x = backbone.block(0, backbone.embed(golden.ids(), attention.positions()), attention);
        Tensor full = backbone.block(1, x, attention);

        for (int[] rows : List.of(new int[] {0, 0, 0, 0}, new int[] {6, 10, 3, 8}, new int[] {3, 3, 3, 3})) {
            Tensor read = backbone.block(1, x, attention.reading(rows));

            assertThat(read.shape()).containsExactly(4, 1, 32);
            for (int b = 0; b < rows.length; b++) {
                assertClose(
                        "row", read.select(0, b).select(0, 0), full.select(0, b).select(0, rows[b]), TOLERANCE);
            }
        }
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#classifiers")
    void readsOneRowInBfloat16AndInFloatsAboveIt(String family) {
        var golden = Golden.classifier(family);
        var frozen = LoadOptions.frozen(new Head.Labels(3, false)).withFrozen(Dtype.BF16);
        for (var options : List.of(frozen, frozen.withTrained(part -> part.equals(Part.block(1))))) {
            var backbone = golden.load(options).backbone();
            var attention = Attention.of(golden.lengths());
            Tensor x = backbone.block(0, backbone.embed(golden.ids(), attention.positions()), attention);
            Tensor full = backbone.block(1, x, attention);

            Tensor read = backbone.block(1, x, attention.reading(new int[] {3, 3, 3, 3}));

            assertClose("rows", read.select(1, 0), full.select(1, 3), 0.05);
            backbone.close();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#classifiers")
    void givesEachMemberWhatItGetsAlone(String family) {
        var golden = Golden.classifier(family);
        var backbone = load(golden);
        int[] lengths = golden.lengths();
        Tensor together = Golden.logits(backbone, golden.ids(), Attention.of(lengths));
        for (int b = 0; b < lengths.length; b++) {
            Tensor ids = golden.ids().narrow(0, b, 1).narrow(1, 0, lengths[b]);

            Tensor alone = Golden.logits(backbone, ids, Attention.of(lengths[b]));

            assertClose("member " + b, alone, together.narrow(0, b, 1), TOLERANCE);
        }
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#classifiers")
    void paddingChangesNothingAndIsNeverNaN(String family) {
        var golden = Golden.classifier(family);
        var backbone = load(golden);
        int[] lengths = golden.lengths();
        Tensor wider = torch.cat(new TensorVector(golden.ids(), golden.ids()), 1);

        Tensor states = Golden.hidden(backbone, wider, Attention.of(lengths, 22));

        assertThat(torch.isfinite(states).all().item_bool()).isTrue();
        Tensor narrow = Golden.hidden(backbone, golden.ids(), Attention.of(lengths));
        assertClose("tokens", golden.tokens(states), golden.tokens(narrow), TOLERANCE);
        backbone.close();
    }

    /** A prefix first, then each member's rest after it, in one, two and three passes. */
    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#causals")
    void goesOnAfterAPastAsIfItHadRunAtOnce(String family) {
        var golden = Golden.classifier(family);
        var backbone = load(golden);
        Tensor ids = golden.ids();
        int[] lengths = golden.lengths();
        Tensor atOnce = Golden.hidden(backbone, ids, Attention.of(lengths));

        var first = Attention.of(3, 3, 3, 3).keeping();
        Golden.hidden(backbone, ids.narrow(1, 0, 3), first);
        int[] rest = minus(lengths, 3);
        Tensor two =
                Golden.hidden(backbone, ids.narrow(1, 3, 8), Attention.of(rest).after(first.past()));
        assertRest(two, atOnce, rest, 3);

        // The second pass ends at another place for each member: its slots have holes that the third must not see.
        var second = Attention.of(new int[] {1, 4, 1, 2}).after(first.past()).keeping();
        Golden.hidden(backbone, ids.narrow(1, 3, 4), second);
        int[] left = {3, 4, 0, 4};
        int[] starts = {4, 7, 4, 5};
        var third = new int[][] {new int[4], new int[4], new int[4], new int[4]};
        for (int b = 0; b < 4; b++) {
            for (int t = 0; t < left[b]; t++) {
                third[b][t] = (int) Tensors.toLongs(ids.select(0, b))[starts[b] + t];
            }
        }
        // Member 2 is at its end; its one token more has nothing to be compared with.
        Tensor three = Golden.hidden(
                backbone, Tensors.of(third), Attention.of(3, 4, 1, 4).after(second.past()));
        for (int b = 0; b < 4; b++) {
            assertClose(
                    "member " + b,
                    three.select(0, b).narrow(0, 0, left[b]),
                    atOnce.select(0, b).narrow(0, starts[b], left[b]),
                    TOLERANCE);
        }
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#causals")
    void expandsAPastThatAllMembersShare(String family) {
        var golden = Golden.classifier(family);
        var backbone = load(golden);
        Tensor prefix = golden.ids().narrow(0, 1, 1).narrow(1, 0, 5); // (1, 5)
        int[] lengths = golden.lengths();
        var shared = Attention.of(5).keeping();
        Golden.hidden(backbone, prefix, shared);

        Tensor after = Golden.hidden(
                backbone,
                golden.ids(),
                Attention.of(lengths).after(Past.of(shared.past().blocks())));

        Tensor whole = torch.cat(new TensorVector(prefix.expand(4, 5), golden.ids()), 1);
        Tensor atOnce = Golden.hidden(backbone, whole, Attention.of(plus(lengths, 5)));
        assertRest(after, atOnce, lengths, 5);
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#classifiers")
    void readsOneRowAfterAPast(String family) {
        var golden = Golden.classifier(family);
        var backbone = load(golden);
        var first = Attention.of(2, 4, 1, 3).keeping();
        Golden.hidden(backbone, golden.ids().narrow(1, 0, 4), first);
        var attention = Attention.of(5, 7, 2, 6).after(first.past());
        Tensor x = backbone.embed(golden.ids().narrow(1, 4, 7), attention.positions());
        Tensor full = backbone.block(1, x, attention);

        Tensor read = backbone.block(1, x, attention.reading(4, 6, 1, 5));

        for (int b = 0; b < 4; b++) {
            int row = new int[] {4, 6, 1, 5}[b];
            assertClose("row", read.select(0, b).select(0, 0), full.select(0, b).select(0, row), TOLERANCE);
        }
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#causals")
    void textsBehindABeginningThatTheyShareAreAsEachIsWithIt(String family) {
        var golden = Golden.classifier(family);
        var backbone = load(golden);
        int[] lengths = golden.lengths();
        Tensor beginning = golden.ids().narrow(0, 1, 1).narrow(1, 0, 5); // (1, 5)
        var rows = new TensorVector(beginning.squeeze(0));
        for (int b = 0; b < lengths.length; b++) {
            rows.push_back(golden.ids().select(0, b).narrow(0, 0, lengths[b]));
        }
        var attention = Attention.sharing(5, lengths);
        Tensor x = backbone.embed(torch.cat(rows).unsqueeze(0), attention.positions()); // (1, N, C)
        Tensor below = backbone.block(0, x, attention);

        Tensor together = backbone.norm(backbone.block(1, below, attention));

        Tensor whole = torch.cat(new TensorVector(beginning.expand(4, 5), golden.ids()), 1);
        Tensor apart = Golden.hidden(backbone, whole, Attention.of(plus(lengths, 5)));
        int first = 5;
        for (int b = 0; b < lengths.length; b++) {
            assertClose(
                    "text " + b,
                    together.select(0, 0).narrow(0, first, lengths[b]),
                    apart.select(0, b).narrow(0, 5, lengths[b]),
                    TOLERANCE);
            first += lengths[b];
        }
        int[] read = {5, 6, first - 1};
        Tensor some = backbone.norm(backbone.block(1, below, attention.reading(read)));
        assertThat(some.shape()).containsExactly(1, 3, 32);
        for (int i = 0; i < read.length; i++) {
            assertClose("row", some.select(1, i), together.select(1, read[i]), TOLERANCE);
        }
        backbone.close();
    }

    /** Paths 5, 5-6, 5-6-7, 8 and 8-6 after texts of unequal length, in one pass and each for itself. */
    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#causals")
    void runsAllBranchesOfATreeAsIfEachHadRunAlone(String family) {
        var golden = Golden.classifier(family);
        var backbone = load(golden);
        var text = Attention.of(golden.lengths()).keeping();
        Golden.hidden(backbone, golden.ids(), text);
        int[] nodes = {5, 6, 7, 8, 6};
        int[] parents = {-1, 0, 1, -1, 3};

        Tensor ids = Tensors.of(new int[][] {nodes, nodes, nodes, nodes});
        Tensor tree = Golden.hidden(
                backbone, ids, Attention.of(5, 5, 5, 5).after(text.past()).branching(parents)); // (B, T, C)

        for (int[] path : List.of(new int[] {0, 1, 2}, new int[] {3, 4})) {
            int[] line = IntStream.of(path).map(node -> nodes[node]).toArray();
            int[] lengths = {path.length, path.length, path.length, path.length};
            Tensor alone = Golden.hidden(
                    backbone,
                    Tensors.of(new int[][] {line, line, line, line}),
                    Attention.of(lengths).after(text.past()));
            for (int t = 0; t < path.length; t++) {
                assertClose("node " + path[t], tree.select(1, path[t]), alone.select(1, t), TOLERANCE);
            }
        }
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#classifiers")
    void givesNearlyTheSameInBf16(String family) {
        var golden = Golden.classifier(family);
        var exact = load(golden);
        var rough = golden.load(LoadOptions.frozen(new Head.Labels(3, false)).withFrozen(Dtype.BF16))
                .backbone();
        var attention = Attention.of(golden.lengths());
        Tensor expected = Golden.hidden(exact, golden.ids(), attention);

        Tensor states = Golden.hidden(rough, golden.ids(), Attention.of(golden.lengths()));

        assertThat(Dtype.of(states)).isEqualTo(Dtype.BF16);
        // bf16 has 8 bits of precision; norms keep the states near 1.
        Tensor error = golden.tokens(states.to(torch.ScalarType.Float).sub(expected));
        assertThat(error.abs().mean().item_float()).isLessThan(0.02f);
        exact.close();
        rough.close();
    }

    @Test
    void countsPositionsFromWhereEachMembersPastEnds() {
        Tensor kv = torch.zeros(2, 1, 3, 4);
        var past = new Past(List.of(new Past.Segment(3, List.of(1, 3))), List.of(new Past.KeyValues(kv, kv)));

        Tensor positions = Attention.of(2, 2).after(past).positions();

        assertThat(positions.shape()).containsExactly(2, 2);
        assertThat(Tensors.toInts(positions)).containsExactly(1, 2, 3, 4);
        assertThat(Tensors.toInts(Attention.of(1, 3).positions())).containsExactly(0, 1, 2);
    }

    @Test
    void countsPositionsOverWhatIsSkippedAndOnBehindIt() {
        Tensor kv = torch.zeros(1, 1, 2, 4);
        var past = Past.of(List.of(new Past.KeyValues(kv, kv)));

        var attention = Attention.of(3, 1).after(past).skipping(0, 1).keeping();
        Tensor rows = torch.zeros(2, 1, 3, 4);
        attention.causal(0, rows, rows, rows, Attention.NO_WINDOW, 0);
        Tensor next = Attention.of(1, 1).after(attention.past()).positions();

        assertThat(Tensors.toInts(attention.positions())).containsExactly(2, 3, 4, 3, 4, 5);
        assertThat(Tensors.toInts(next)).containsExactly(5, 4);
        assertThat(attention.past().length(1)).isEqualTo(3);
    }

    @Test
    void masksOutOfTheWindowByPositionsNotBySlots() {
        Tensor kv = torch.zeros(1, 1, 2, 4);
        var past = Past.of(List.of(new Past.KeyValues(kv, kv)));
        var layout = Layout.of(new int[] {2, 2}, 2).after(past).skipping(new int[] {0, 2});
        float hidden = Float.NEGATIVE_INFINITY;

        Tensor mask = requireNonNull(new Masks(layout).causal(4)); // (2, 1, 2, 4)

        assertThat(Tensors.toFloats(mask.select(0, 0))).containsExactly(0, 0, 0, hidden, 0, 0, 0, 0);
        assertThat(Tensors.toFloats(mask.select(0, 1))).containsExactly(hidden, 0, 0, hidden, hidden, hidden, 0, 0);
    }

    /** As transformers counts what ALiBi sees: tokens, not the padding before them. */
    @Test
    void placesForBiasesCountTokensWhateverIsSkipped() {
        Tensor kv = torch.zeros(1, 1, 2, 4);
        var past = Past.of(List.of(new Past.KeyValues(kv, kv)));
        var layout = Layout.of(new int[] {3, 1}, 3).after(past).skipping(new int[] {0, 2});

        assertThat(layout.keyOrdinals()).isDeepEqualTo(new int[][] {{0, 1, 2, 3, 4}});
        assertThat(layout.reading(new int[] {2, 0}).queryOrdinals()).isDeepEqualTo(new int[][] {{4}, {2}});
        var holes = new Past(List.of(new Past.Segment(2, List.of(1, 2))), past.blocks());
        assertThat(Layout.of(new int[] {2, 2}, 2)
                        .after(holes)
                        .branching(new int[] {-1, -1})
                        .keyOrdinals())
                .isDeepEqualTo(new int[][] {{0, -1, 1, 1}, {0, 1, 2, 2}});
    }

    @Test
    void givesNodesOfOneDepthOnePosition() {
        var tree = Attention.of(4, 4).branching(-1, 0, -1, 2);

        assertThat(Tensors.toInts(tree.positions())).containsExactly(0, 1, 0, 1);
    }

    @Test
    void masksNothingWhereNothingIsHidden() {
        assertThat(new Masks(Layout.of(new int[] {3, 3}, 3)).bidirectional()).isNull();
        assertThat(new Masks(Layout.of(new int[] {3, 3}, 3).reading(new int[] {2, 2})).causal(Masks.NO_WINDOW))
                .isNull();
    }

    @Test
    void masksPaddingTheFutureAndWhatIsOutOfTheWindow() {
        float hidden = Float.NEGATIVE_INFINITY;
        Tensor padding = requireNonNull(new Masks(Layout.of(new int[] {1, 3}, 3)).bidirectional());
        Tensor window = requireNonNull(new Masks(Layout.of(new int[] {3}, 3)).causal(2));
        Tensor row = requireNonNull(new Masks(Layout.of(new int[] {2, 3}, 3).reading(new int[] {1, 2}))
                .causal(Masks.NO_WINDOW));

        assertThat(padding.shape()).containsExactly(2, 1, 1, 3);
        assertThat(Tensors.toFloats(padding)).containsExactly(0, hidden, hidden, 0, 0, 0);
        assertThat(window.shape()).containsExactly(1, 1, 3, 3);
        assertThat(Tensors.toFloats(window)).containsExactly(0, hidden, hidden, 0, 0, hidden, hidden, 0, 0);
        assertThat(row.shape()).containsExactly(2, 1, 1, 3);
        assertThat(Tensors.toFloats(row)).containsExactly(0, 0, hidden, 0, 0, 0);
    }

    @Test
    void refusesLengthsAndRowsThatDoNotFit() {
        assertThatThrownBy(() -> Attention.of(0, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Attention.of(new int[] {3}, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Attention.of(3, 2).reading(3, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Attention.sharing(2, 3).reading(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Attention.sharing(2, 3).reading(5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Attention.of(3, 2).past()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Attention.of(3, 2).skipping(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Attention.of(3, 2).branching(-1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Attention.of(2, 2).branching(1, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Backbone load(Golden golden) {
        return golden.load(LoadOptions.frozen(new Head.Labels(3, false))).backbone();
    }

    /** The rows of the second part against those behind {@code from} of the whole. */
    private static void assertRest(Tensor rest, Tensor whole, int[] lengths, int from) {
        for (int b = 0; b < lengths.length; b++) {
            assertClose(
                    "member " + b,
                    rest.select(0, b).narrow(0, 0, lengths[b]),
                    whole.select(0, b).narrow(0, from, lengths[b]),
                    TOLERANCE);
        }
    }

    private static int[] minus(int[] numbers, int n) {
        return plus(numbers, -n);
    }

    private static int[] plus(int[] numbers, int n) {
        return IntStream.of(numbers).map(m -> m + n).toArray();
    }
}
