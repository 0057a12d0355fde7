package dev.attune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.classifier.EncodedDataset;
import dev.attune.classifier.LabelScorer;
import dev.attune.classifier.LabelScoring;
import dev.attune.classifier.LabelTemplate;
import dev.attune.data.Dataset;
import dev.attune.data.LabelSet;
import dev.attune.model.Backbone;
import dev.attune.model.Families;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.model.ModelConfig;
import dev.attune.peft.Lora;
import dev.attune.peft.Prefix;
import dev.attune.peft.SoftPrompt;
import dev.attune.peft.TaskType;
import dev.attune.peft.VirtualTokens;
import dev.attune.recipe.Recipe;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelObjectiveTest {
    /** Labels of 1, 2 and 3 words: a mean over batches would not be the mean over tokens. */
    private static final List<String> WORDS = List.of("food", "music and sound", "weather out there today");

    @TempDir
    Path folder;

    @Test
    void accumulatedBatchesWeighEachTokenAlike() {
        var small = train("gpt2", Map.of("batch-size", 5, "gradient-accumulation-steps", 2));
        var large = train("gpt2", Map.of("batch-size", 10));
        var parts = train("gpt2", Map.of("batch-size", 10, "max-tokens", 40));

        assertThat(small).containsExactly(large, within(1e-5f));
        assertThat(parts).containsExactly(large, within(1e-5f));
    }

    /** A random model can learn no more than which tokens labels are made of, and a little of it. */
    @ParameterizedTest
    @CsvSource({"gpt2, soft", "llama, soft", "bloom, prefix"})
    void lowersTheLossOfTheLabelsTokens(String family, String kind) {
        try (var tuned = new Prompted(family, kind, Dtype.F32)) {
            double before = tuned.gradients(Map.of()).loss;

            Map<String, ?> options = Map.of("epochs", 10, "batch-size", 6, "learning-rate", 0.3);
            tuned.train(tuned.objective(options), options);

            assertThat(tuned.gradients(Map.of()).loss).isLessThan(0.98 * before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2, soft",
        "llama, soft",
        "bloom, soft",
        "gpt2, prefix",
        "t5, soft",
        "t5, prefix",
        "llama, lora",
        "t5, lora"
    })
    void checkpointingChangesNothing(String family, String kind) {
        try (var tuned = new Prompted(family, kind, Dtype.F32)) {
            var plain = tuned.gradients(Map.of());
            var checkpointed = tuned.gradients(Map.of("gradient-checkpointing", true));

            assertThat(checkpointed.loss).isCloseTo(plain.loss, within(1e-4));
            assertThat(checkpointed.correct).isEqualTo(plain.correct);
            assertThat(checkpointed.gradient).containsExactly(plain.gradient, within(1e-5f));
        }
    }

    @ParameterizedTest
    @CsvSource({"gpt2", "llama", "bloom"})
    void onePassWithTheVirtualTokensChangesNothing(String family) {
        try (var tuned = new Prompted(family, "soft", Dtype.F32)) {
            var apart = tuned.gradients(Map.of("joined-prompt", false));
            var joined = tuned.gradients(Map.of());

            assertThat(joined.loss).isCloseTo(apart.loss, within(1e-4));
            assertThat(joined.correct).isEqualTo(apart.correct);
            assertThat(joined.gradient).containsExactly(apart.gradient, within(1e-5f));
        }
    }

    /** The gradient holds for the very dropout that the loss had: a step along it changes that loss by as much. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "t5"})
    void checkpointingRepeatsTheSameDropout(String family) {
        var rates = Map.of("resid_pdrop", 0.3, "attn_pdrop", 0.3, "dropout_rate", 0.3);
        try (var tuned = new Prompted(family, "soft", Dtype.F32, rates)) {
            Map<String, ?> options = Map.of("gradient-checkpointing", true, "frozen-dropout", true);
            var here = tuned.gradients(options);
            double norm = 0;
            for (float g : here.gradient) {
                norm += g * g;
            }
            float step = 1e-2f / (float) Math.sqrt(norm);
            tuned.move(here.gradient, step);

            var there = tuned.gradients(options);

            assertThat(here.loss).isNotCloseTo(tuned.gradients(Map.of()).loss, within(1e-3));
            assertThat((there.loss - here.loss) / step).isCloseTo(norm, within(0.1 * norm));
        }
    }

    @Test
    void trainsInFp32OnABaseInBf16() {
        try (var rough = new Prompted("gpt2", "soft", Dtype.BF16);
                var exact = new Prompted("gpt2", "soft", Dtype.F32)) {
            assertThat(rough.objective(Map.of()).parameters().values())
                    .allMatch(parameter -> Dtype.of(parameter) == Dtype.F32);
            assertThat(rough.gradients(Map.of()).loss).isCloseTo(exact.gradients(Map.of()).loss, within(0.5));
            assertThat(rough.gradients(Map.of("gradient-checkpointing", true)).gradient)
                    .containsExactly(rough.gradients(Map.of()).gradient, within(0.05f));
        }
    }

    @ParameterizedTest
    @CsvSource({"gpt2, false", "gpt2, true", "t5, true"})
    void leavesNoTensorsBehind(String family, boolean checkpointing) {
        try (var tuned = new Prompted(family, "soft", Dtype.F32)) {
            Map<String, ?> options = Map.of("gradient-checkpointing", checkpointing);
            tuned.gradients(options);
            long before = Pointer.totalCount();
            for (int i = 0; i < 50; i++) {
                tuned.gradients(options);
            }
            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before + 5);
        }
    }

    private float[] train(String family, Map<String, ?> options) {
        try (var tuned = new Prompted(family, "soft", Dtype.F32)) {
            var all = new HashMap<String, Object>(options);
            all.putAll(Map.of("epochs", 2, "length-batches", false, "adam-epsilon", 1e-3, "learning-rate", 0.05));
            tuned.train(tuned.objective(all), all);
            return tuned.values();
        }
    }

    /** One backward pass. */
    private static final class Step {
        private final double loss;
        private final int correct;
        private final float[] gradient;

        Step(double loss, int correct, float[] gradient) {
            this.loss = loss;
            this.correct = correct;
            this.gradient = gradient;
        }
    }

    /** A tiny model with virtual tokens and a template. */
    private final class Prompted implements AutoCloseable {
        private final Tokenizer tokenizer;
        private final Backbone backbone;
        private final @Nullable VirtualTokens tokens;
        private final @Nullable Lora lora;

        Prompted(String family, String kind, Dtype dtype) {
            this(family, kind, dtype, Map.of());
        }

        Prompted(String family, String kind, Dtype dtype, Map<String, ?> config) {
            var fields = new HashMap<String, Object>(TinyModels.ROOMY);
            fields.putAll(config);
            Path model = TinyModels.write(family, folder.resolve(family), fields);
            tokenizer = Tokenizer.load(model);
            var options = LoadOptions.frozen(new Head.LanguageModel()).withFrozen(dtype);
            backbone = Families.load(Checkpoint.open(model), ModelConfig.read(model), options)
                    .backbone();
            lora = kind.equals("lora") ? lora(backbone) : null;
            tokens = switch (kind) {
                case "soft" -> SoftPrompt.ofText(backbone, tokenizer, "what is it about", 4);
                case "prefix" -> Prefix.plain(backbone, 4, 1);
                default -> null;
            };
        }

        /** Every layer updated, and no update zero: those would give others no gradient. */
        private static Lora lora(Backbone backbone) {
            var options = Recipe.defaults().with(Map.of("target-modules", "all-linear", "lora-dropout", 0));
            var lora = Lora.create(backbone, options.peft().loraConfig(TaskType.SEQ_2_SEQ_LM, "base", null), 1);
            lora.parameters().values().forEach(parameter -> parameter.data().normal_(0, 0.1, new GeneratorOptional()));
            lora.attach();
            return lora;
        }

        LabelObjective objective(Map<String, ?> options) {
            return objective(TinyTexts.of(24, 1), TinyTexts.of(12, 2), options);
        }

        LabelObjective objective(Dataset train, Dataset validation, Map<String, ?> options) {
            var recipe = Recipe.defaults().with(options);
            var template =
                    new LabelTemplate(tokenizer, new LabelTemplate.Settings("Text: {text} Label: ", WORDS, true, 64));
            var labels = new LabelSet(List.of("food", "music", "weather"));
            return new LabelObjective(
                    new LabelScorer(
                            backbone,
                            tokens,
                            lora,
                            template,
                            labels,
                            new LabelScorer.Settings(LabelScoring.MEAN, false, false)),
                    new EncodedDataset(template.encode(train.texts()), train.labelIds()),
                    new EncodedDataset(template.encode(validation.texts()), validation.labelIds()),
                    recipe.training(),
                    recipe.speed());
        }

        void train(Objective objective, Map<String, ?> options) {
            var recipe = Recipe.defaults().with(options);
            Path out = folder.resolve("run-" + options.hashCode());
            var rate = java.util.Objects.requireNonNull(recipe.training().learningRate());
            new Trainer(objective, recipe.training(), rate, out, TrainingListener.NONE, () -> false).run();
        }

        /** One backward pass over five examples. */
        @SuppressWarnings("try") // the scope is there for what it does
        Step gradients(Map<String, ?> options) {
            var objective = objective(options);
            try (var scope = new PointerScope()) {
                torch.manual_seed(3);
                var loss = objective.loss(new int[] {0, 1, 2, 3, 4});
                loss.sum().backward();
                var gradients = new TreeMap<String, Tensor>();
                objective.parameters().forEach((name, parameter) -> {
                    gradients.put(name, parameter.grad().clone().flatten());
                    parameter.mutable_grad().reset();
                });
                return new Step(
                        loss.sum().item_double(),
                        loss.correct(),
                        Tensors.toFloats(
                                torch.cat(new TensorVector(gradients.values().toArray(Tensor[]::new)))));
            }
        }

        float[] values() {
            return Tensors.toFloats(
                    objective(Map.of()).parameters().values().iterator().next());
        }

        /** Moves the parameters along a direction. */
        @SuppressWarnings("try") // the scope is there for what it does
        void move(float[] direction, float by) {
            try (var scope = new PointerScope()) {
                Tensor parameter =
                        objective(Map.of()).parameters().values().iterator().next();
                Tensor along = Tensors.of(direction, parameter.shape());
                parameter.data().add_(along, new org.bytedeco.pytorch.Scalar(by));
            }
        }

        @Override
        public void close() {
            if (tokens != null) {
                tokens.close();
            }
            if (lora != null) {
                lora.close();
            }
            backbone.close();
            tokenizer.close();
        }
    }
}
