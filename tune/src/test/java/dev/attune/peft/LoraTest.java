package dev.attune.peft;

import static dev.attune.model.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.checkpoint.Checkpoint;
import dev.attune.checkpoint.SafetensorsWriter;
import dev.attune.files.InputException;
import dev.attune.model.Attention;
import dev.attune.model.Backbone;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraTest {
    private final PointerScope scope = new PointerScope();

    @TempDir
    Path folder;

    @AfterEach
    void closeScope() {
        scope.close();
    }

    /** Without an adapter the last block of BERT and GPT-2 reads its row by other products, which round differently. */
    @ParameterizedTest
    @CsvSource({"bert, 1e-6", "bloom, 0", "gpt2, 1e-6", "llama, 0", "mistral, 0"})
    void aNewAdapterChangesNothing(String family, double rounding) {
        var golden = Golden.classifier(family);
        try (var backbone = load(golden, Dtype.F32);
                var lora = Lora.create(backbone, config(null), 1)) {
            Tensor before = logits(golden, backbone);
            lora.attach();
            assertClose("logits", logits(golden, backbone), before, rounding);
        }
    }

    @Test
    void aNewAdapterIsDrawnBySeedAndSavesTheHead() {
        var golden = Golden.classifier("gpt2");
        try (var backbone = load(golden, Dtype.F32);
                var one = Lora.create(backbone, config(null), 1);
                var same = Lora.create(backbone, config(null), 1);
                var other = Lora.create(backbone, config(null), 2)) {
            String a = "base_model.model.transformer.h.0.attn.c_attn.lora_A.weight";
            float[] values = Tensors.toFloats(parameter(one, a));
            assertThat(values).isEqualTo(Tensors.toFloats(parameter(same, a)));
            assertThat(values).isNotEqualTo(Tensors.toFloats(parameter(other, a)));
            double bound = 1 / Math.sqrt(32);
            assertThat(IntStream.range(0, values.length)
                            .mapToDouble(i -> Math.abs(values[i]))
                            .max()
                            .orElseThrow())
                    .isBetween(0.9 * bound, bound);
            assertThat(one.parameters()).containsKey("base_model.model.score.weight");
            assertThat(one.config().modulesToSave()).containsExactly("classifier", "score");
            assertThat(one.config().targetModules()).isEqualTo(ModuleNames.of(List.of("c_attn")));
            assertThat(one.config().fanInFanOut()).isTrue();
        }
    }

    @Test
    void trainsInFp32OnABaseInBf16() {
        var golden = Golden.classifier("llama");
        try (var backbone = load(golden, Dtype.BF16);
                var lora = Lora.create(backbone, config(null), 1)) {
            lora.attach();
            torch.cross_entropy_loss(logits(golden, backbone), golden.expected().tensor("labels"))
                    .backward();
            assertThat(lora.parameters().values()).allSatisfy(parameter -> {
                assertThat(parameter.scalar_type().intern()).isEqualTo(ScalarType.Float);
                assertThat(parameter.grad().scalar_type().intern()).isEqualTo(ScalarType.Float);
            });
            lora.detach();
            assertThat(backbone.state().values())
                    .allMatch(parameter -> Dtype.of(parameter) == Dtype.BF16 && !parameter.requires_grad());
        }
    }

    @Test
    void mergesIntoBf16WithinItsPrecisionAndGivesTheWeightsBackBitForBit() {
        var golden = Golden.classifier("gpt2");
        try (var backbone = load(golden, Dtype.BF16);
                var lora = filled(backbone, config(null), 1)) {
            var before = new LinkedHashMap<String, float[]>();
            backbone.state().forEach((name, parameter) -> before.put(name, Tensors.toFloats(parameter)));
            lora.attach();
            Tensor attached = logits(golden, backbone).detach();
            lora.merge();
            assertClose("merged", logits(golden, backbone), attached, 0.05);
            assertThat(Tensors.toFloats(parameter(backbone, "transformer.h.0.attn.c_attn.weight")))
                    .isNotEqualTo(before.get("transformer.h.0.attn.c_attn.weight"));
            lora.detach();
            backbone.state()
                    .forEach((name, parameter) ->
                            assertThat(Tensors.toFloats(parameter)).as(name).isEqualTo(before.get(name)));
        }
    }

    @Test
    void adaptersOfOneBaseAreSwitchedByName() {
        var golden = Golden.classifier("bert");
        try (var backbone = load(golden, Dtype.F32);
                var adapters = new Adapters()) {
            Tensor base = logits(golden, backbone);
            var alone = new ArrayList<Tensor>();
            for (int i = 0; i < 2; i++) {
                var lora = filled(backbone, config(null), i);
                lora.attach();
                alone.add(logits(golden, backbone).detach());
                lora.detach();
                adapters.add("adapter" + i, lora);
            }
            assertThat(Tensors.toFloats(alone.get(0))).isNotEqualTo(Tensors.toFloats(alone.get(1)));
            for (int i : new int[] {0, 1, 0}) {
                adapters.use("adapter" + i);
                assertClose("adapter" + i, logits(golden, backbone), alone.get(i), 0);
            }
            adapters.useNone();
            assertClose("base", logits(golden, backbone), base, 0);
            assertThatThrownBy(() -> adapters.use("adapter3")).hasMessageContaining("adapter3");
        }
    }

    @Test
    void twoAdaptersAreNotAttachedAtOnce() {
        try (var backbone = load(Golden.classifier("bert"), Dtype.F32);
                var one = Lora.create(backbone, config(null), 1);
                var two = Lora.create(backbone, config(null), 2)) {
            one.attach();
            assertThatThrownBy(two::attach).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void dropoutActsInTrainingOnly() {
        var golden = Golden.classifier("llama");
        var config = new LoraConfig(
                TaskType.SEQ_CLS,
                "base",
                null,
                4,
                8,
                0.5,
                false,
                null,
                null,
                Map.of(),
                Map.of(),
                null,
                null,
                null,
                false);
        try (var backbone = load(golden, Dtype.F32);
                var lora = filled(backbone, config, 1)) {
            lora.attach();
            Tensor without = logits(golden, backbone).detach();
            lora.dropout(part -> true);
            assertThat(Tensors.toFloats(logits(golden, backbone))).isNotEqualTo(Tensors.toFloats(without));
            lora.dropout(part -> false);
            assertClose("logits", logits(golden, backbone), without, 0);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "all-linear | | | h.0.attn.c_attn h.0.attn.c_proj h.0.mlp.c_fc h.0.mlp.c_proj h.1.attn.c_attn h.1.attn.c_proj"
                        + " h.1.mlp.c_fc h.1.mlp.c_proj",
                ".*\\.1\\..*\\.c_proj | | | h.1.attn.c_proj h.1.mlp.c_proj",
                "mlp.c_proj | | | h.0.mlp.c_proj h.1.mlp.c_proj",
                "c_proj | attn.c_proj | | h.0.mlp.c_proj h.1.mlp.c_proj",
                "c_proj | | 1 | h.1.attn.c_proj h.1.mlp.c_proj",
            })
    void takesTheLayersThatPeftTakes(
            String targets, @Nullable String excluded, @Nullable Integer block, String expected) {
        ModuleNames names = targets.matches("[\\w.]+") ? ModuleNames.of(List.of(targets)) : ModuleNames.regex(targets);
        var config = new LoraConfig(
                TaskType.CAUSAL_LM,
                "base",
                null,
                4,
                8,
                0,
                false,
                names,
                excluded == null ? null : ModuleNames.of(List.of(excluded)),
                Map.of(),
                Map.of(),
                block == null ? null : List.of(block),
                null,
                null,
                false);
        try (var backbone = load(Golden.classifier("gpt2"), Dtype.F32);
                var lora = Lora.create(backbone, config, 1)) {
            assertThat(lora.parameters().keySet().stream()
                            .filter(name -> name.endsWith("lora_A.weight"))
                            .map(name -> name.replace("base_model.model.transformer.", "")
                                    .replace(".lora_A.weight", "")))
                    .containsExactly(expected.split(" "));
        }
    }

    @Test
    void saysWhatTheModelDoesNotHave() {
        try (var backbone = load(Golden.classifier("gpt2"), Dtype.F32)) {
            assertThatThrownBy(() -> Lora.create(backbone, config(ModuleNames.of(List.of("c_attn", "q_proj"))), 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("q_proj")
                    .hasMessageContaining("c_attn, c_fc, c_proj, score");
            assertThatThrownBy(() -> Lora.create(backbone, config(ModuleNames.regex("nothing.*")), 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("nothing.*");
        }
    }

    @Test
    void namesTheTensorThatDoesNotFitTheBase() {
        String a = "base_model.model.transformer.h.1.attn.c_attn.lora_A.weight";
        saveChanged(tensors -> tensors.put(a, torch.zeros(4, 48)));
        assertRefused(a + " has the shape [4, 48], but the base model asks for [4, 32]");
    }

    @Test
    void refusesAnAdapterWithoutItsHead() {
        saveChanged(tensors -> tensors.remove("base_model.model.score.weight"));
        assertRefused("no tensor base_model.model.score.weight");
    }

    @Test
    void refusesTensorsThatHaveNoPlace() {
        String lost = "base_model.model.transformer.h.9.attn.c_attn.lora_A.weight";
        saveChanged(tensors -> tensors.put(lost, torch.zeros(4, 32)));
        assertRefused(lost);
    }

    @Test
    void refusesEmbeddingsOfAnotherVocabulary() {
        String words = "base_model.model.transformer.wte.weight";
        saveChanged(tensors -> tensors.put(words, torch.zeros(70, 32)));
        assertRefused(words + " has the shape [70, 32], but the base model asks for [64, 32]");
    }

    @Test
    @SuppressWarnings("try") // the scope is there for what it does
    void holdsNothingOfItsOwnOnceClosed() {
        try (var backbone = load(Golden.classifier("gpt2"), Dtype.F32)) {
            Lora.create(backbone, config(null), 1).close();
            long before = org.bytedeco.javacpp.Pointer.totalCount();
            for (int i = 0; i < 5; i++) {
                try (var inner = new PointerScope();
                        var lora = Lora.create(backbone, config(null), 1)) {
                    lora.merge();
                }
            }
            assertThat(org.bytedeco.javacpp.Pointer.totalCount()).isLessThanOrEqualTo(before);
        }
    }

    /** Saves peft's GPT-2 adapter with other tensors. */
    private void saveChanged(Consumer<Map<String, Tensor>> change) {
        Path source = Golden.open("gpt2", "lora-classifier").folder();
        var tensors = new LinkedHashMap<String, Tensor>();
        var weights = Checkpoint.ofFile(source.resolve(Checkpoint.ADAPTER_WEIGHTS));
        weights.names().forEach(name -> tensors.put(name, weights.tensor(name)));
        change.accept(tensors);
        AdapterConfig.read(source).write(folder);
        SafetensorsWriter.write(folder.resolve(Checkpoint.ADAPTER_WEIGHTS), tensors);
    }

    private void assertRefused(String message) {
        try (var backbone = load(Golden.classifier("gpt2"), Dtype.F32);
                var adapter = AdapterFolder.open(folder)) {
            assertThatThrownBy(() -> Lora.load(backbone, adapter, false))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(message);
        }
    }

    private static Backbone load(Golden golden, Dtype dtype) {
        return golden.load(LoadOptions.frozen(new Head.Labels(3, false)).withFrozen(dtype))
                .backbone();
    }

    private static LoraConfig config(@Nullable ModuleNames targets) {
        return new LoraConfig(
                TaskType.SEQ_CLS,
                "base",
                null,
                4,
                8,
                0,
                false,
                targets,
                null,
                Map.of(),
                Map.of(),
                null,
                null,
                null,
                false);
    }

    /** A new adapter with a B that is not zero. */
    private static Lora filled(Backbone backbone, LoraConfig config, long seed) {
        var lora = Lora.create(backbone, config, seed);
        lora.parameters().forEach((name, parameter) -> {
            if (name.endsWith("lora_B.weight")) {
                float[] values = new float[(int) parameter.numel()];
                var random = new java.util.Random(seed);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextGaussian() / 5;
                }
                parameter.set_data(Tensors.of(values, parameter.shape()));
            }
        });
        return lora;
    }

    private static Tensor logits(Golden golden, Backbone backbone) {
        return Golden.logits(backbone, golden.ids(), Attention.of(golden.lengths()));
    }

    private static Tensor parameter(Lora lora, String name) {
        return java.util.Objects.requireNonNull(lora.parameters().get(name));
    }

    private static Tensor parameter(Backbone backbone, String name) {
        return java.util.Objects.requireNonNull(backbone.state().get(name));
    }
}
