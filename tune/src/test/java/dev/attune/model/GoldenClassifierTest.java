package dev.attune.model;

import static dev.attune.model.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Classifiers of every family against transformers, in fp32. */
class GoldenClassifierTest {
    private static final double TOLERANCE = 1e-5;
    private static final Head.Labels HEAD = new Head.Labels(3, false);

    private final PointerScope scope = new PointerScope();

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#classifiers")
    void givesTheHiddenStatesOfEachBlock(String family) {
        var golden = Golden.classifier(family);
        var backbone = golden.load(LoadOptions.frozen(HEAD)).backbone();
        var attention = Attention.of(golden.lengths());
        Tensor x = backbone.embed(golden.ids(), attention.positions());
        for (int i = 0; ; i++) {
            Tensor expected = golden.expected().tensor("hidden." + i);
            assertClose("hidden." + i, golden.tokens(x), golden.tokens(expected), TOLERANCE);
            if (i == backbone.depth()) {
                break;
            }
            x = backbone.block(i, x, attention);
        }
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#classifiers")
    void givesLogitsLossAndEveryGradient(String family) {
        var golden = Golden.classifier(family);
        var loaded = golden.load(LoadOptions.trained(HEAD, 0));
        assertThat(loaded.report()).isEqualTo(new LoadReport(List.of(), List.of()));
        var backbone = loaded.backbone();

        Tensor logits = logits(golden, backbone);
        Tensor loss = loss(golden, logits);
        loss.backward();

        assertClose("logits", logits, golden.expected().tensor("logits"), TOLERANCE);
        assertClose("loss", loss, golden.expected().tensor("loss"), TOLERANCE);
        golden.assertParameters("grad.", backbone, Tensor::grad, TOLERANCE);
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#classifiers")
    void hasTheWeightsOfTransformersAfterTenSteps(String family) {
        var golden = Golden.classifier(family);
        var backbone = golden.load(LoadOptions.trained(HEAD, 0)).backbone();
        Golden.train(backbone.state().values(), () -> loss(golden, logits(golden, backbone)));
        golden.assertParameters("after.", backbone, parameter -> parameter, TOLERANCE);
        backbone.close();
    }

    private static Tensor logits(Golden golden, Backbone backbone) {
        return Golden.logits(backbone, golden.ids(), Attention.of(golden.lengths()));
    }

    private static Tensor loss(Golden golden, Tensor logits) {
        return torch.cross_entropy_loss(logits, golden.expected().tensor("labels"));
    }
}
