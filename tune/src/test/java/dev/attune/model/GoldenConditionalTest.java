package dev.attune.model;

import static dev.attune.model.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.checkpoint.CheckpointWriter;
import dev.attune.files.InputException;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Encoder-decoder models against transformers, in fp32, and against themselves cut in other ways. */
class GoldenConditionalTest {
    private static final double TOLERANCE = 1e-5;
    private static final Head.LanguageModel HEAD = new Head.LanguageModel();

    private final PointerScope scope = new PointerScope();

    @TempDir
    Path folder;

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#conditionals")
    void givesMemoryLogitsLossAndEveryGradient(String family) {
        var golden = Golden.conditional(family);
        var loaded = golden.load(LoadOptions.trained(HEAD, 0));
        assertThat(loaded.report()).isEqualTo(new LoadReport(List.of(), List.of()));
        var backbone = loaded.backbone();

        Tensor states = encoded(golden, backbone);
        Tensor logits = logits(golden, backbone);
        Tensor loss = loss(golden, logits);
        loss.backward();

        assertClose(
                "memory", golden.tokens(states), golden.tokens(golden.expected().tensor("memory")), TOLERANCE);
        assertClose("logits", logits, said(golden, golden.expected().tensor("logits")), TOLERANCE);
        assertClose("loss", loss, golden.expected().tensor("loss"), TOLERANCE);
        golden.assertParameters("grad.", backbone, Tensor::grad, TOLERANCE);
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#conditionals")
    void givesTheHiddenStatesOfEachBlock(String family) {
        var golden = Golden.conditional(family);
        var backbone = golden.load(LoadOptions.frozen(HEAD)).backbone();
        var attention = decoding(golden, backbone);
        Tensor x = backbone.embed(starts(golden, backbone), attention.positions());
        for (int i = 0; i < backbone.depth(); i++) {
            assertClose("hidden." + i, said(golden, x), said(golden, hidden(golden, i)), TOLERANCE);
            x = backbone.block(i, x, attention);
        }
        assertClose("the last", said(golden, x), said(golden, hidden(golden, backbone.depth())), TOLERANCE);
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#conditionals")
    void hasTheWeightsOfTransformersAfterTenSteps(String family) {
        var golden = Golden.conditional(family);
        var backbone = golden.load(LoadOptions.trained(HEAD, 0)).backbone();
        Golden.train(backbone.state().values(), () -> loss(golden, logits(golden, backbone)));
        golden.assertParameters("after.", backbone, parameter -> parameter, TOLERANCE);
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#conditionals")
    void goesOnAfterAPastAsIfItHadRunAtOnce(String family) {
        var golden = Golden.conditional(family);
        var backbone = golden.load(LoadOptions.frozen(HEAD)).backbone();
        Past memory = memory(golden, backbone);
        Tensor ids = starts(golden, backbone);
        Tensor atOnce = Golden.hidden(backbone, ids, Attention.of(4, 4, 4, 4).attending(memory));

        var attention = Attention.of(1, 1, 1, 1).attending(memory).keeping();
        for (int step = 0; step < 4; step++) {
            Tensor cached = Golden.hidden(backbone, ids.narrow(1, step, 1), attention);
            assertClose("step " + step, cached, atOnce.narrow(1, step, 1), TOLERANCE);
            attention = Attention.of(1, 1, 1, 1)
                    .attending(memory)
                    .after(attention.past())
                    .keeping();
        }
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#conditionals")
    void givesEachMemberWhatItGetsAlone(String family) {
        var golden = Golden.conditional(family);
        var backbone = golden.load(LoadOptions.frozen(HEAD)).backbone();
        var encoder = backbone.encoder().orElseThrow();
        Tensor ids = starts(golden, backbone);
        Tensor together = Golden.hidden(backbone, ids, decoding(golden, backbone));
        for (int b = 0; b < 4; b++) {
            var text = Attention.of(golden.lengths()[b]);
            Tensor words = golden.ids().narrow(0, b, 1).narrow(1, 0, text.width());
            int said = labelLengths(golden)[b];

            Tensor alone = Golden.hidden(
                    backbone,
                    ids.narrow(0, b, 1).narrow(1, 0, said),
                    Attention.of(said).attending(encoder.memory(Golden.encoded(encoder, words, text), text)));

            assertClose("member " + b, alone.select(0, 0), together.select(0, b).narrow(0, 0, said), TOLERANCE);
        }
        backbone.close();
    }

    /** The start, then 5, 5-6 and 7: as label words are scored. */
    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#conditionals")
    void runsAllBranchesOfATreeAsIfEachHadRunAlone(String family) {
        var golden = Golden.conditional(family);
        var backbone = golden.load(LoadOptions.frozen(HEAD)).backbone();
        Past memory = memory(golden, backbone);
        int[] nodes = {0, 5, 6, 7};

        Tensor tree = Golden.hidden(
                backbone,
                Tensors.of(new int[][] {nodes, nodes, nodes, nodes}),
                Attention.of(4, 4, 4, 4).branching(-1, 0, 1, 0).attending(memory));

        for (int[] path : List.of(new int[] {0, 1, 2}, new int[] {0, 3})) {
            int[] line = IntStream.of(path).map(node -> nodes[node]).toArray();
            int[] lengths = {path.length, path.length, path.length, path.length};
            Tensor alone = Golden.hidden(
                    backbone,
                    Tensors.of(new int[][] {line, line, line, line}),
                    Attention.of(lengths).attending(memory));
            for (int t = 0; t < path.length; t++) {
                assertClose("node " + path[t], tree.select(1, path[t]), alone.select(1, t), TOLERANCE);
            }
        }
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#conditionals")
    void readsOneRowAsTheFullPassHasIt(String family) {
        var golden = Golden.conditional(family);
        var backbone = golden.load(LoadOptions.frozen(HEAD)).backbone();
        var attention = decoding(golden, backbone);
        Tensor x = backbone.embed(starts(golden, backbone), attention.positions());
        Tensor full = backbone.block(0, x, attention);

        Tensor read = backbone.block(0, x, attention.reading(2, 0, 3, 1));

        for (int b = 0; b < 4; b++) {
            int row = new int[] {2, 0, 3, 1}[b];
            assertClose("row", read.select(0, b).select(0, 0), full.select(0, b).select(0, row), TOLERANCE);
        }
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#conditionals")
    void givesNearlyTheSameInBf16(String family) {
        var golden = Golden.conditional(family);
        var rough = golden.load(LoadOptions.frozen(HEAD).withFrozen(Dtype.BF16)).backbone();

        Tensor logits = logits(golden, rough);

        assertThat(Dtype.of(logits)).isEqualTo(Dtype.BF16);
        Tensor error = logits.to(torch.ScalarType.Float)
                .sub(said(golden, golden.expected().tensor("logits")));
        assertThat(error.abs().mean().item_float()).isBetween(1e-6f, 0.05f);
        rough.close();
    }

    /** Those of Google's own T5 1.1 and Flan, which say "untied" where transformers' own later say "not scaled". */
    @Test
    void doesNotScaleWhatAnUntiedProjectionIsGiven() {
        var golden = Golden.conditional("t5-gated");
        var config = config(golden, json -> {
            json.remove("scale_decoder_outputs");
            json.put("tie_word_embeddings", false);
        });
        var backbone = Families.load(Checkpoint.open(golden.folder()), config, LoadOptions.frozen(HEAD))
                .backbone();

        assertClose(
                "logits",
                logits(golden, backbone),
                said(golden, golden.expected().tensor("logits")),
                TOLERANCE);
        backbone.close();
    }

    @Test
    void readsTheFirstVersionsConfigAndFilesWithCopiesOfTheEmbeddings() {
        var golden = Golden.conditional("t5");
        var config = config(
                golden,
                json -> json.remove(List.of(
                        "feed_forward_proj",
                        "scale_decoder_outputs",
                        "tie_word_embeddings",
                        "dense_act_fn",
                        "is_gated_act")));
        var original = Checkpoint.open(golden.folder());
        var tensors = new LinkedHashMap<String, Tensor>();
        original.names().forEach(name -> tensors.put(name, original.tensor(name)));
        for (String copy : List.of("encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight")) {
            tensors.put(copy, original.tensor("shared.weight"));
        }
        CheckpointWriter.write(folder, tensors);

        var loaded = Families.load(Checkpoint.open(folder), config, LoadOptions.frozen(HEAD));

        assertThat(loaded.report()).isEqualTo(new LoadReport(List.of(), List.of()));
        assertThat(loaded.backbone().state()).doesNotContainKey("lm_head.weight");
        assertClose(
                "logits",
                logits(golden, loaded.backbone()),
                said(golden, golden.expected().tensor("logits")),
                TOLERANCE);
        loaded.backbone().close();
    }

    @Test
    void knowsThePartOfEachParameter() {
        var backbone =
                Golden.conditional("t5-gated").load(LoadOptions.frozen(HEAD)).backbone();

        assertThat(backbone.part("shared.weight")).hasToString("embeddings");
        assertThat(backbone.part("encoder.block.1.layer.1.DenseReluDense.wo.weight"))
                .isEqualTo(Part.encoderBlock(1))
                .hasToString("encoder block 1");
        assertThat(backbone.part("encoder.final_layer_norm.weight")).hasToString("encoder norm");
        assertThat(backbone.part("decoder.block.2.layer.1.EncDecAttention.k.weight"))
                .isEqualTo(Part.block(2));
        assertThat(backbone.part("decoder.final_layer_norm.weight")).hasToString("norm");
        assertThat(backbone.part("lm_head.weight")).hasToString("lm head");
    }

    @Test
    void refusesAClassificationHeadAndADecoderWithoutItsText() {
        var golden = Golden.conditional("t5");
        assertThatThrownBy(() -> golden.load(LoadOptions.frozen(new Head.Labels(3, true))))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("config.json", "label words");
        var backbone = golden.load(LoadOptions.frozen(HEAD)).backbone();

        assertThatThrownBy(() -> Golden.hidden(backbone, starts(golden, backbone), Attention.of(4, 4, 4, 4)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("attending");
    }

    private static Tensor encoded(Golden golden, Backbone backbone) {
        return Golden.encoded(backbone.encoder().orElseThrow(), golden.ids(), Attention.of(golden.lengths()));
    }

    private static Past memory(Golden golden, Backbone backbone) {
        var attention = Attention.of(golden.lengths());
        var encoder = backbone.encoder().orElseThrow();
        return encoder.memory(Golden.encoded(encoder, golden.ids(), attention), attention);
    }

    private static int[] labelLengths(Golden golden) {
        return Tensors.toInts(golden.expected().tensor("label_lengths"));
    }

    private static Attention decoding(Golden golden, Backbone backbone) {
        return Attention.of(labelLengths(golden)).attending(memory(golden, backbone));
    }

    /** The labels behind the start: what stands before each of their tokens. (B, L) */
    private static Tensor starts(Golden golden, Backbone backbone) {
        Tensor labels = golden.expected().tensor("labels");
        Tensor start = torch.full_like(
                labels.narrow(1, 0, 1),
                new Scalar(backbone.encoder().orElseThrow().start()));
        return torch.cat(new TensorVector(start, labels.narrow(1, 0, labels.size(1) - 1)), 1);
    }

    /** Of the rows before label tokens. (sum of label lengths, V) */
    private static Tensor logits(Golden golden, Backbone backbone) {
        Tensor states = Golden.hidden(backbone, starts(golden, backbone), decoding(golden, backbone));
        return backbone.lmHead(said(golden, states));
    }

    private static Tensor loss(Golden golden, Tensor logits) {
        return torch.cross_entropy_loss(logits, said(golden, golden.expected().tensor("labels")));
    }

    /** The rows of label tokens. (B, L, …) -> (sum of label lengths, …) */
    private static Tensor said(Golden golden, Tensor x) {
        return Golden.tokens(x, labelLengths(golden));
    }

    private static Tensor hidden(Golden golden, int block) {
        return golden.expected().tensor("hidden." + block);
    }

    private static ModelConfig config(Golden golden, Consumer<ObjectNode> change) {
        ObjectNode json = ModelConfig.read(golden.folder()).raw().deepCopy();
        change.accept(json);
        return ModelConfig.of(golden.folder().resolve("config.json"), json);
    }
}
