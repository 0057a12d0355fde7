package dev.attune.model;

import static dev.attune.model.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    @ValueSource(strings = {"gpt2", "bert", "llama", "mistral"})
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
    @ValueSource(strings = {"gpt2", "bert", "llama", "mistral"})
    void givesLogitsLossAndEveryGradient(String family) {
        var golden = Golden.classifier(family);
        var loaded = golden.load(LoadOptions.trained(HEAD, 0));
        assertThat(loaded.report()).isEqualTo(new LoadReport(List.of(), List.of()));
        var backbone = loaded.backbone();

        Tensor logits = Golden.logits(backbone, golden.ids(), Attention.of(golden.lengths()));
        Tensor loss = torch.cross_entropy_loss(logits, golden.expected().tensor("labels"));
        loss.backward();

        assertClose("logits", logits, golden.expected().tensor("logits"), TOLERANCE);
        assertClose("loss", loss, golden.expected().tensor("loss"), TOLERANCE);
        assertThat(backbone.state().keySet()).isEqualTo(golden.named("grad."));
        backbone.state()
                .forEach((name, parameter) ->
                        assertClose(name, parameter.grad(), golden.expected().tensor("grad." + name), TOLERANCE));
        backbone.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "bert", "llama", "mistral"})
    void hasTheWeightsOfTransformersAfterTenSteps(String family) {
        var golden = Golden.classifier(family);
        var backbone = golden.load(LoadOptions.trained(HEAD, 0)).backbone();
        var options = new AdamWOptions(1e-3);
        options.weight_decay().put(0.01);
        options.eps().put(1e-4);
        var optimizer = new AdamW(new TensorVector(backbone.state().values().toArray(Tensor[]::new)), options);
        for (int step = 0; step < 10; step++) {
            optimizer.zero_grad();
            Tensor logits = Golden.logits(backbone, golden.ids(), Attention.of(golden.lengths()));
            torch.cross_entropy_loss(logits, golden.expected().tensor("labels")).backward();
            optimizer.step();
        }
        assertThat(backbone.state().keySet()).isEqualTo(golden.named("after."));
        backbone.state()
                .forEach((name, parameter) ->
                        assertClose(name, parameter, golden.expected().tensor("after." + name), TOLERANCE));
        backbone.close();
    }
}
