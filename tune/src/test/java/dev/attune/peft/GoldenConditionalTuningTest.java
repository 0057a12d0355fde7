package dev.attune.peft;

import static dev.attune.model.Golden.assertClose;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.checkpoint.Checkpoint;
import dev.attune.classifier.LabelBatch;
import dev.attune.model.Backbone;
import dev.attune.model.Blocks;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.model.Past;
import dev.attune.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Virtual tokens and LoRA of encoder-decoders against peft, in fp32, with the loss of label words. */
class GoldenConditionalTuningTest {
    private static final double TOLERANCE = 1e-4;
    private static final Map<String, List<String>> VARIANTS = Map.of(
            "prompt", List.of("soft"), "p-tuning", List.of("mlp", "lstm"), "prefix", List.of("plain", "projected"));

    private final PointerScope scope = new PointerScope();

    @AfterEach
    void closeScope() {
        scope.close();
    }

    static Stream<Arguments> variants() {
        return VARIANTS.entrySet().stream()
                .flatMap(method -> Golden.families(method.getKey() + "-conditional").stream()
                        .flatMap(family -> method.getValue().stream()
                                .map(variant -> Arguments.of(family, method.getKey(), variant))));
    }

    static List<String> loras() {
        return Golden.families("lora-conditional");
    }

    static Stream<Arguments> saved() {
        var first = VARIANTS.values().stream().map(names -> names.get(0)).toList();
        return variants().filter(arguments -> first.contains(arguments.get()[2]));
    }

    /** Logits (N, V) and mean loss of the base model's labels. */
    private record Said(Tensor logits, Tensor loss) {
        static Said of(Golden base, Backbone backbone, @Nullable VirtualTokens virtual) {
            var context = TextContext.of(backbone, virtual, rows(base.ids(), base.lengths()));
            Past start = virtual == null || virtual.embeddings() != null ? null : virtual.past(backbone);
            int[] counts = Tensors.toInts(base.expected().tensor("label_lengths"));
            var batch = LabelBatch.of(context.opening(), rows(base.expected().tensor("labels"), counts));
            var attention = context.attending(batch.attention(start, null));
            Tensor x = backbone.embed(Tensors.padded(batch.inputs()), attention.positions());
            Tensor logits = batch.logits(backbone, Blocks.run(backbone, x, attention));
            int[] targets = batch.targets().stream().mapToInt(token -> token).toArray();
            return new Said(logits, torch.cross_entropy_loss(logits, Tensors.of(targets)));
        }

        private static List<int[]> rows(Tensor ids, int... lengths) {
            return IntStream.range(0, lengths.length)
                    .mapToObj(b -> Arrays.copyOf(Tensors.toInts(ids.select(0, b)), lengths[b]))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void givesPeftsLossAndGradients(String family, String method, String variant) {
        var expected = Golden.open(family, method + "-conditional").expected();
        var base = Golden.conditional(family);
        var backbone = load(base);
        var tokens = tokens(variant, expected);

        var said = Said.of(base, backbone, tokens);
        said.loss().backward();

        assertClose("logits", said.logits(), expected.tensor(variant + ".logits"), TOLERANCE);
        assertClose("loss", said.loss(), expected.tensor(variant + ".loss"), TOLERANCE);
        tokens.parameters().forEach((name, parameter) -> {
            String peft = variant + ".grad." + (variant.equals("soft") ? "embedding.weight" : name);
            assertClose(peft, parameter.grad(), expected.tensor(peft), TOLERANCE);
        });
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("saved")
    void readsPeftsAdapterAndSavesItsTensor(String family, String method, String variant) {
        var golden = Golden.open(family, method + "-conditional");
        var base = Golden.conditional(family);
        var backbone = load(base);
        try (var adapter = AdapterFolder.open(golden.folder())) {
            var tokens = VirtualTokens.load(backbone, adapter);

            assertThat(adapter.config().taskType()).isEqualTo(TaskType.SEQ_2_SEQ_LM);
            assertClose(
                    "logits",
                    Said.of(base, backbone, tokens).logits(),
                    golden.expected().tensor(variant + ".logits"),
                    TOLERANCE);
            assertClose(
                    "saved",
                    requireNonNull(tokens(variant, golden.expected()).saved().get("prompt_embeddings")),
                    adapter.tensor(
                            "prompt_embeddings",
                            requireNonNull(tokens.saved().get("prompt_embeddings"))
                                    .shape()),
                    1e-6);
        }
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("loras")
    void givesPeftsLogitsLossAndGradientsWithLora(String family) {
        var golden = Golden.open(family, "lora-conditional");
        var base = Golden.conditional(family);
        var backbone = load(base);
        try (var adapter = AdapterFolder.open(golden.folder());
                var lora = Lora.load(backbone, adapter, true)) {
            lora.attach();
            var said = Said.of(base, backbone, null);
            said.loss().backward();

            int[] counts = Tensors.toInts(base.expected().tensor("label_lengths"));
            Tensor logits = golden.expected().tensor("logits"); // (B, T, V)
            int row = 0;
            for (int b = 0; b < counts.length; b++) {
                assertClose(
                        "logits",
                        said.logits().narrow(0, row, counts[b]),
                        logits.select(0, b).narrow(0, 0, counts[b]),
                        TOLERANCE);
                row += counts[b];
            }
            assertClose("loss", said.loss(), golden.expected().tensor("loss"), TOLERANCE);
            assertThat(lora.parameters().keySet()).isEqualTo(golden.named("grad."));
            lora.parameters()
                    .forEach((name, parameter) -> assertClose(
                            name, parameter.grad(), golden.expected().tensor("grad." + name), TOLERANCE));
        }
        backbone.close();
    }

    private static Backbone load(Golden base) {
        return base.load(LoadOptions.frozen(new Head.LanguageModel())).backbone();
    }

    private static VirtualTokens tokens(String variant, Checkpoint expected) {
        return GoldenVirtualTokensTest.tokens(variant, expected);
    }
}
