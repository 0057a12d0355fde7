package dev.attune.model;

import static dev.attune.model.Golden.assertClose;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.checkpoint.SafetensorsWriter;
import dev.attune.files.InputException;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is loaded from which files, and what is said about the rest. */
class FamiliesTest {
    private static final Head.Labels THREE = new Head.Labels(3, false);

    private final PointerScope scope = new PointerScope();

    @TempDir
    Path folder;

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#classifiers")
    void namesParametersAsTheFileDoes(String family) {
        var golden = Golden.classifier(family);
        var backbone = golden.load(LoadOptions.frozen(THREE)).backbone();
        var names = Checkpoint.open(golden.folder()).names();

        assertThat(backbone.state().keySet()).containsExactlyInAnyOrderElementsOf(names);
        var tree = backbone.module().named_parameters().keys();
        var registered = new TreeSet<String>();
        for (long i = 0; i < tree.size(); i++) {
            registered.add(tree.get(i).getString());
        }
        assertThat(registered).isEqualTo(new TreeSet<>(names));
        backbone.close();
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2,transformer.",
        "bert,bert.",
        "bloom,transformer.",
        "llama,model.",
        "mistral,model.",
        "qwen2,model."
    })
    void loadsAPlainBaseModelWithoutPrefixAndReportsTheNewHead(String family, String prefix) {
        var golden = Golden.classifier(family);
        var stripped = rewritten(golden, tensors -> {
            var bare = new LinkedHashMap<String, Tensor>();
            tensors.forEach((name, tensor) -> {
                if (name.startsWith(prefix) && !name.startsWith("bert.pooler")) {
                    bare.put(name.substring(prefix.length()), tensor);
                }
            });
            return bare;
        });

        var loaded = Families.load(stripped, ModelConfig.read(golden.folder()), LoadOptions.frozen(THREE));

        assertThat(loaded.report().unexpected()).isEmpty();
        assertThat(loaded.report().initialised())
                .containsExactlyElementsOf(
                        family.equals("bert")
                                ? List.of(
                                        "bert.pooler.dense.weight",
                                        "bert.pooler.dense.bias",
                                        "classifier.weight",
                                        "classifier.bias")
                                : List.of("score.weight"));
        var whole = golden.load(LoadOptions.frozen(THREE)).backbone();
        var attention = Attention.of(golden.lengths());
        assertClose(
                "hidden states",
                Golden.hidden(loaded.backbone(), golden.ids(), attention),
                Golden.hidden(whole, golden.ids(), attention),
                0);
        whole.close();
        loaded.backbone().close();
    }

    @Test
    void drawsANewHeadFromTheSeedAlone() {
        var golden = Golden.classifier("bert");
        var five = new Head.Labels(5, true);
        Tensor first = parameter(golden.load(LoadOptions.trained(five, 1)), "classifier.weight");
        Tensor again = parameter(golden.load(LoadOptions.trained(five, 1)), "classifier.weight");
        Tensor other = parameter(golden.load(LoadOptions.trained(five, 2)), "classifier.weight");

        assertThat(Tensors.toFloats(first)).hasSize(5 * 32).isEqualTo(Tensors.toFloats(again));
        assertThat(Tensors.toFloats(first)).isNotEqualTo(Tensors.toFloats(other));
        // The config's initializer_range.
        assertThat(first.std().item_float()).isBetween(0.12f, 0.18f);
    }

    @Test
    void refusesAHeadForAnotherNumberOfLabelsUnlessItIsToBeReplaced() {
        var golden = Golden.classifier("gpt2");

        assertThatThrownBy(() -> golden.load(LoadOptions.frozen(new Head.Labels(5, false))))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("score.weight", "model.safetensors", "3 labels", "not 5");

        var replaced = golden.load(LoadOptions.frozen(new Head.Labels(5, true)));
        assertThat(replaced.report()).isEqualTo(new LoadReport(List.of("score.weight"), List.of()));
        assertThat(Golden.logits(replaced.backbone(), golden.ids(), Attention.of(golden.lengths()))
                        .shape())
                .containsExactly(4, 3 + 2);
    }

    @Test
    void listsTensorsItHasNoUseForButNotKnownBuffers() {
        var golden = Golden.classifier("gpt2");
        var more = rewritten(golden, tensors -> {
            tensors.put("transformer.h.0.attn.bias", torch.zeros(1, 1, 4, 4));
            tensors.put("transformer.h.0.attn.masked_bias", torch.zeros(1));
            tensors.put("lm_head.weight", torch.zeros(64, 32));
            tensors.put("transformer.h.7.ln_1.weight", torch.zeros(32));
            tensors.put("extra", torch.zeros(2));
            return tensors;
        });

        var loaded = Families.load(more, ModelConfig.read(golden.folder()), LoadOptions.frozen(THREE));

        assertThat(loaded.report().unexpected()).containsExactly("extra", "transformer.h.7.ln_1.weight");
        loaded.backbone().close();
    }

    @Test
    void readsTheOldNamesOfLayerNorm() {
        var golden = Golden.classifier("bert");
        var old = rewritten(golden, tensors -> {
            var renamed = new LinkedHashMap<String, Tensor>();
            tensors.forEach((name, tensor) -> renamed.put(
                    name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"),
                    tensor));
            return renamed;
        });

        var loaded = Families.load(old, ModelConfig.read(golden.folder()), LoadOptions.frozen(THREE));

        assertThat(loaded.report()).isEqualTo(new LoadReport(List.of(), List.of()));
        assertClose(
                "logits",
                Golden.logits(loaded.backbone(), golden.ids(), Attention.of(golden.lengths())),
                golden.expected().tensor("logits"),
                1e-5);
        loaded.backbone().close();
    }

    @Test
    void namesFileAndTensorWhoseShapeIsWrong() {
        var golden = Golden.classifier("llama");
        var config = config(golden, json -> json.put("intermediate_size", 40));

        assertThatThrownBy(() -> Families.load(Checkpoint.open(golden.folder()), config, LoadOptions.frozen(THREE)))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(
                        "model.layers.0.mlp.gate_proj.weight", "model.safetensors", "[48, 32]", "[40, 32]");
    }

    @Test
    void namesTheTensorThatIsMissing() {
        var golden = Golden.classifier("llama");
        var config = config(golden, json -> json.put("num_hidden_layers", 3));

        assertThatThrownBy(() -> Families.load(Checkpoint.open(golden.folder()), config, LoadOptions.frozen(THREE)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("model.layers.2.input_layernorm.weight");
    }

    @Test
    void listsTheSupportedTypesForOneThatIsNot() {
        var golden = Golden.classifier("gpt2");
        var config = config(golden, json -> json.put("model_type", "mamba"));

        assertThatThrownBy(() -> Families.load(Checkpoint.open(golden.folder()), config, LoadOptions.frozen(THREE)))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("mamba", "bert, bloom, gpt2, llama, mistral, qwen2, t5", "config.json");
    }

    /** Files of transformers before layer_types say from which block on. */
    @Test
    void windowsTheBlocksOfQwen2ThatAnOlderFileNames() {
        var golden = Golden.classifier("qwen2");
        var older = config(golden, json -> json.remove("layer_types"));
        var off = config(golden, json -> json.put("use_sliding_window", false));

        Tensor windowed = logits(golden, older);
        Tensor full = logits(golden, off);

        assertClose("logits", windowed, golden.expected().tensor("logits"), 1e-5);
        assertThat(full.sub(windowed).abs().max().item_float()).isGreaterThan(1e-2f);
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2,scale_attn_by_inverse_layer_idx,true",
        "gpt2,reorder_and_upcast_attn,true",
        "gpt2,activation_function,quick_gelu",
        "bert,position_embedding_type,relative_key",
        "bloom,slow_but_exact,true",
        "llama,rope_parameters,yarn",
    })
    void refusesSettingsThatItDoesNotCompute(String family, String field, String value) {
        var golden = Golden.classifier(family);
        var config = config(golden, json -> {
            json.put("pretraining_tp", 4); // only with this is slow_but_exact another computation
            if (field.equals("rope_parameters")) {
                json.putObject(field).put("rope_type", value);
            } else if (value.equals("true")) {
                json.put(field, true);
            } else {
                json.put(field, value);
            }
        });

        assertThatThrownBy(() -> Families.load(Checkpoint.open(golden.folder()), config, LoadOptions.frozen(THREE)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("config.json")
                .hasMessageMatching(".*(" + field + "|activation|rope_type).*");
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#classifiers")
    void trainsTheLastBlockInFp32OverAFrozenBf16Trunk(String family) {
        var golden = Golden.classifier(family);
        var last = Part.block(1);
        var options = LoadOptions.frozen(THREE)
                .withFrozen(Dtype.BF16)
                .withTrained(part -> part.equals(last) || part.equals(Part.of(Part.Kind.HEAD)));
        var backbone = golden.load(options).backbone();

        Tensor logits = Golden.logits(backbone, golden.ids(), Attention.of(golden.lengths()));
        logits.sum().backward();

        assertThat(Dtype.of(logits)).isEqualTo(Dtype.F32);
        assertThat(torch.isfinite(logits).all().item_bool()).isTrue();
        backbone.state().forEach((name, parameter) -> {
            boolean trained = options.trained().test(backbone.part(name));
            assertThat(parameter.requires_grad()).as(name).isEqualTo(trained);
            assertThat(Dtype.of(parameter)).as(name).isEqualTo(trained ? Dtype.F32 : Dtype.BF16);
            assertThat(parameter.grad().defined()).as(name).isEqualTo(trained);
        });
        backbone.close();
    }

    @Test
    void trainingLeavesTheFileAsItIs() {
        var golden = Golden.classifier("gpt2");
        var backbone = golden.load(LoadOptions.trained(THREE, 0)).backbone();

        backbone.state().values().forEach(parameter -> parameter.detach().zero_());

        assertClose(
                "logits of another load",
                Golden.logits(
                        golden.load(LoadOptions.frozen(THREE)).backbone(),
                        golden.ids(),
                        Attention.of(golden.lengths())),
                golden.expected().tensor("logits"),
                1e-5);
    }

    @Test
    void outlivesTheScopeItWasLoadedIn() {
        var golden = Golden.classifier("gpt2");
        Backbone backbone;
        var inner = new PointerScope();
        backbone = golden.load(LoadOptions.trained(THREE, 0)).backbone();
        inner.close();

        assertClose(
                "logits",
                Golden.logits(backbone, golden.ids(), Attention.of(golden.lengths())),
                golden.expected().tensor("logits"),
                1e-5);

        Tensor weight = requireNonNull(backbone.state().get("score.weight"));
        backbone.close();
        assertThat(weight.isNull()).isTrue();
    }

    @Test
    void dropsOutInTheNamedPartsOnly() {
        var golden = Golden.classifier("gpt2");
        var config = config(
                golden,
                json -> json.put("resid_pdrop", 0.5).put("attn_pdrop", 0.5).put("embd_pdrop", 0.5));
        var backbone = Families.load(Checkpoint.open(golden.folder()), config, LoadOptions.frozen(THREE))
                .backbone();
        var attention = Attention.of(golden.lengths());
        Tensor x = backbone.embed(golden.ids(), attention.positions());
        Tensor still = backbone.block(1, x, attention);

        backbone.dropout(part -> part.equals(Part.block(1)));

        assertThat(backbone.embed(golden.ids(), attention.positions()).equal(x)).isTrue();
        assertThat(backbone.block(0, x, attention).equal(backbone.block(0, x, attention)))
                .isTrue();
        assertThat(backbone.block(1, x, attention).equal(still)).isFalse();
        backbone.dropout(part -> false);
        assertThat(backbone.block(1, x, attention).equal(still)).isTrue();
        backbone.close();
    }

    @Test
    void saysWhatItWasLoadedWithoutWhenThatIsAskedFor() {
        var bert = Golden.classifier("bert").load(LoadOptions.frozen(THREE)).backbone();
        var plain = Golden.classifier("gpt2")
                .load(LoadOptions.frozen(new Head.None()))
                .backbone();
        Tensor row = torch.zeros(1, 32);

        assertThatThrownBy(() -> bert.lmHead(row)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> plain.score(row)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(bert.causal()).isFalse();
        assertThat(plain.causal()).isTrue();
    }

    @Test
    void knowsThePartOfEachParameter() {
        var backbone = Golden.classifier("bert").load(LoadOptions.frozen(THREE)).backbone();

        assertThat(backbone.part("bert.embeddings.LayerNorm.weight")).hasToString("embeddings");
        assertThat(backbone.part("bert.encoder.layer.1.output.dense.bias")).isEqualTo(Part.block(1));
        assertThat(backbone.part("bert.pooler.dense.weight")).hasToString("pooler");
        assertThat(backbone.part("classifier.bias")).hasToString("head");
        var gpt2 = Golden.classifier("gpt2").load(LoadOptions.frozen(THREE)).backbone();
        assertThat(gpt2.part("transformer.ln_f.bias")).hasToString("norm");
        assertThat(gpt2.part("transformer.wpe.weight")).hasToString("embeddings");
    }

    private static Tensor logits(Golden golden, ModelConfig config) {
        var backbone = Families.load(Checkpoint.open(golden.folder()), config, LoadOptions.frozen(THREE))
                .backbone();
        return Golden.logits(backbone, golden.ids(), Attention.of(golden.lengths()));
    }

    private static Tensor parameter(Families.Loaded loaded, String name) {
        return requireNonNull(loaded.backbone().state().get(name));
    }

    private static ModelConfig config(Golden golden, Consumer<ObjectNode> change) {
        Path file = golden.folder().resolve("config.json");
        try {
            var json = (ObjectNode) new JsonMapper().readTree(file.toFile());
            change.accept(json);
            return ModelConfig.of(file, json);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The golden model's weights, changed and saved to another folder. */
    private Checkpoint rewritten(Golden golden, UnaryOperator<Map<String, Tensor>> change) {
        var original = Checkpoint.open(golden.folder());
        var tensors = new LinkedHashMap<String, Tensor>();
        original.names().forEach(name -> tensors.put(name, original.tensor(name)));
        Path file = folder.resolve("model.safetensors");
        SafetensorsWriter.write(file, change.apply(tensors), Map.of());
        return Checkpoint.open(folder);
    }
}
