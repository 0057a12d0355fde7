package dev.attune.model;

import static dev.attune.model.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.torch.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Language models of every causal family against transformers, in fp32. */
class GoldenCausalTest {
    private static final double TOLERANCE = 1e-5;

    private final PointerScope scope = new PointerScope();

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#causals")
    void givesLogitsLossAndEveryGradient(String family) {
        var golden = Golden.causal(family);
        var loaded = golden.load(LoadOptions.trained(new Head.LanguageModel(), 0));
        assertThat(loaded.report()).isEqualTo(new LoadReport(List.of(), List.of()));
        var backbone = loaded.backbone();

        Tensor logits = logits(golden, backbone);
        Tensor loss = golden.nextTokenLoss(logits);
        loss.backward();

        assertClose("logits", logits, golden.tokens(golden.expected().tensor("logits")), TOLERANCE);
        assertClose("loss", loss, golden.expected().tensor("loss"), TOLERANCE);
        golden.assertParameters("grad.", backbone, Tensor::grad, TOLERANCE);
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#causals")
    void hasTheWeightsOfTransformersAfterTenSteps(String family) {
        var golden = Golden.causal(family);
        var backbone =
                golden.load(LoadOptions.trained(new Head.LanguageModel(), 0)).backbone();
        Golden.train(backbone.state().values(), () -> golden.nextTokenLoss(logits(golden, backbone)));
        golden.assertParameters("after.", backbone, parameter -> parameter, TOLERANCE);
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#causals")
    void generatesTheSameWithAndWithoutTheCache(String family) {
        var golden = Golden.causal(family);
        var backbone = golden.load(LoadOptions.frozen(new Head.LanguageModel())).backbone();
        int[] prompt = Tensors.toInts(golden.ids().select(0, 1));

        // Without: the whole text again for each token.
        var text = new ArrayList<>(java.util.Arrays.stream(prompt).boxed().toList());
        for (int step = 0; step < 8; step++) {
            int[] all = text.stream().mapToInt(id -> id).toArray();
            Tensor x = Golden.hidden(backbone, Tensors.of(new int[][] {all}), Attention.of(all.length));
            text.add(likeliest(backbone, x));
        }

        // With: each token alone, after the past.
        var cached = new ArrayList<Integer>();
        var attention = Attention.of(prompt.length).keeping();
        Tensor x = Golden.hidden(backbone, Tensors.of(new int[][] {prompt}), attention);
        for (int step = 0; step < 8; step++) {
            cached.add(likeliest(backbone, x));
            attention = Attention.of(1).after(attention.past()).keeping();
            x = Golden.hidden(backbone, Tensors.of(new int[][] {{cached.get(step)}}), attention);
        }

        assertThat(cached).isEqualTo(text.subList(prompt.length, text.size()));
        backbone.close();
    }

    /** Of the rows that hold tokens. (sum of lengths, V) */
    private static Tensor logits(Golden golden, Backbone backbone) {
        return backbone.lmHead(golden.tokens(Golden.hidden(backbone, golden.ids(), Attention.of(golden.lengths()))));
    }

    private static int likeliest(Backbone backbone, Tensor states) {
        Tensor last = states.select(1, states.size(1) - 1);
        return Tensors.toInts(backbone.lmHead(last).argmax())[0];
    }
}
