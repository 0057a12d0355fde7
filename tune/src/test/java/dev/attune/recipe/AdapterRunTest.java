package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.checkpoint.CheckpointWriter;
import dev.attune.checkpoint.SafetensorsWriter;
import dev.attune.classifier.TextClassifier;
import dev.attune.classifier.TextEmbedder;
import dev.attune.files.InputException;
import dev.attune.model.Quantization;
import dev.attune.peft.AdapterConfig;
import dev.attune.peft.LoraConfig;
import dev.attune.peft.TaskType;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import dev.attune.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Runs whose result is an adapter. */
class AdapterRunTest {
    @TempDir
    static Path models;

    /** A run of GPT-2 that no test changes. */
    private static Run run = new Run(Path.of(""), false, null);

    @TempDir
    Path folder;

    @BeforeAll
    static void trainOnce() {
        TinyTexts.write(TinyTexts.of(60, 1), models.resolve("texts.csv"));
        TinyModels.FAMILIES.forEach(family -> TinyModels.write(family, models.resolve(family)));
        run = Run.train(
                recipe("gpt2", Map.of("keep-state", true)), models.resolve("run"), RunListener.NONE, () -> false);
    }

    @Test
    void itsVectorsAreThoseOfTheTunedModel() {
        try (var tuned = TextEmbedder.load(run.folder());
                var base = TextEmbedder.load(models.resolve("gpt2"))) {
            float[] before = base.embed("rain and snow");
            float[] after = tuned.embed("rain and snow");
            assertThat(after).hasSameSizeAs(before);
            double cosine = 0;
            for (int i = 0; i < after.length; i++) {
                cosine += (double) after[i] * before[i];
            }
            assertThat(cosine).isBetween(0.0, 1 - 1e-6);
        }
    }

    @Test
    void leavesAnAdapterAndNoModel() throws IOException {
        try (var files = Files.list(run.folder())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains(
                            "adapter_config.json",
                            "adapter_model.safetensors",
                            "attune.json",
                            "tokenizer.json",
                            "recipe.yaml",
                            "evaluation.json",
                            "provenance.json",
                            "README.md")
                    .doesNotContain("config.json", "model.safetensors");
        }
        assertThat(run.folder().resolve("attune.json")).content().contains("\"dtype\" : \"float32\"");
        assertThat(run.folder().resolve("recipe.yaml"))
                .as("auto, settled")
                .content()
                .contains("dtype: float32");
        var config = (LoraConfig) AdapterConfig.read(run.folder());
        assertThat(config.taskType()).isEqualTo(TaskType.SEQ_CLS);
        assertThat(config.baseModelNameOrPath())
                .isEqualTo(models.resolve("gpt2").toAbsolutePath().toString());
        assertThat(run.folder().resolve("README.md"))
                .content()
                .contains("library_name: peft", "base_model: " + models.resolve("gpt2"), "- lora", "precision");
    }

    /** Nothing of the optimizer, nothing of the base, the head with it. */
    @Test
    void theAdapterHoldsItsUpdatesAndTheHead() {
        assertThat(TrainingState.existsIn(run.folder())).isTrue();
        try (var weights = Checkpoint.ofFile(run.folder().resolve(Checkpoint.ADAPTER_WEIGHTS))) {
            assertThat(weights.names())
                    .containsExactlyInAnyOrder(
                            "base_model.model.transformer.h.0.attn.c_attn.lora_A.weight",
                            "base_model.model.transformer.h.0.attn.c_attn.lora_B.weight",
                            "base_model.model.transformer.h.1.attn.c_attn.lora_A.weight",
                            "base_model.model.transformer.h.1.attn.c_attn.lora_B.weight",
                            "base_model.model.score.weight");
        }
    }

    @ParameterizedTest
    @FieldSource("dev.attune.TinyModels#FAMILIES")
    void whatIsLoadedClassifiesAsWhatWasTrained(String family) {
        var options = Map.of("epochs", 12, "learning-rate", 0.02);
        var tuned = train(family, "run", options);
        var evaluation = Objects.requireNonNull(tuned.evaluation());
        var test = Sources.split(recipe(family, options), RunListener.NONE).test();
        assertThat(tuned.evaluate(test)).isEqualTo(evaluation);
        assertThat(evaluation.accuracy()).isGreaterThan(0.6); // by chance 0.33
        try (var classifier = TextClassifier.load(tuned.folder())) {
            assertThat(classifier.labels().names()).containsExactly("food", "music", "weather");
        }
    }

    /** The updates stay beside the base model in 8 bits, in fp32. */
    @Test
    void aModelInEightBitsTakesTheUpdates() {
        var test = Sources.split(recipe("gpt2", Map.of()), RunListener.NONE).test();
        var compared = QuantizationComparison.of(
                way -> TextClassifier.load(run.folder(), null, way, Device.CPU), Quantization.INT8, test, 42);
        assertThat(compared.dtype()).isEqualTo(Dtype.F32);
        assertThat(compared.own().evaluation()).isEqualTo(run.evaluate(test));
        assertThat(compared.quantized().weightBytes()).isLessThan(compared.own().weightBytes());
        assertThat(compared.quantized().evaluation().logLoss())
                .isCloseTo(compared.own().evaluation().logLoss(), within(0.05))
                .isNotEqualTo(compared.own().evaluation().logLoss());
        assertThat(compared.differing()).isLessThan(test.size() / 4);
        assertThat(compared.accuracyDifference())
                .isEqualTo(compared.quantized().evaluation().accuracy()
                        - compared.own().evaluation().accuracy());
    }

    @Test
    void aMatrixThatAnAdapterHasWholeIsNotPutIntoAModelInEightBits() {
        Path tuned = train("gpt2", "run", Map.of("modules-to-save", List.of("h.1.attn.c_proj")))
                .folder();
        assertThatThrownBy(() -> TextClassifier.load(tuned, null, Quantization.INT8, Device.CPU))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("transformer.h.1.attn.c_proj.weight")
                .hasMessageContaining("attune adapter merge");
    }

    @Test
    void repeatsExactlyAndResumesExactly() {
        var options = Map.of("logging-steps", 1, "lora-dropout", 0.3);
        Path whole = train("bert", "whole", options).folder();
        Path again = train("bert", "again", options).folder();
        Path out = folder.resolve("stopped");
        var stopped = Run.train(recipe("bert", options), out, RunListener.NONE, () -> true);
        while (!stopped.completed()) {
            stopped = Run.resume(out, RunListener.NONE, () -> true);
        }
        for (String file : List.of("metrics.jsonl", Checkpoint.ADAPTER_WEIGHTS, "evaluation.json")) {
            assertThat(again.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
            assertThat(out.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
    }

    @Test
    void aPoolerThatTheBaseModelLacksIsTrainedAndSaved() {
        Path base = TinyModels.write("bert", folder.resolve("base"));
        change(
                Checkpoint.open(base),
                tensors -> tensors.keySet().removeIf(name -> name.contains("pooler")),
                tensors -> CheckpointWriter.write(base, tensors));
        Path tuned = train("bert", "run", Map.of("model", base.toString())).folder();
        assertThat(((LoraConfig) AdapterConfig.read(tuned)).modulesToSave()).contains("pooler");
        try (var weights = Checkpoint.ofFile(tuned.resolve(Checkpoint.ADAPTER_WEIGHTS))) {
            assertThat(weights.names())
                    .contains("base_model.model.bert.pooler.dense.weight", "base_model.model.bert.pooler.dense.bias");
        }
        Path adapter = tuned.resolve(Checkpoint.ADAPTER_WEIGHTS);
        change(
                Checkpoint.ofFile(adapter),
                tensors -> tensors.keySet().removeIf(name -> name.contains("pooler")),
                tensors -> SafetensorsWriter.write(adapter, tensors));
        assertThatThrownBy(() -> TextClassifier.load(tuned))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has the tensor bert.pooler.dense.weight, without which it classifies nothing");
    }

    @Test
    void anAdapterWithoutItsHeadIsRefused() {
        AdapterConfig.read(run.folder()).write(folder);
        change(
                Checkpoint.ofFile(run.folder().resolve(Checkpoint.ADAPTER_WEIGHTS)),
                tensors -> tensors.remove("base_model.model.score.weight"),
                tensors -> SafetensorsWriter.write(folder.resolve(Checkpoint.ADAPTER_WEIGHTS), tensors));
        assertThatThrownBy(() -> TextClassifier.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no tensor base_model.model.score.weight");
    }

    @Test
    void anAdapterAloneClassifiesWithNumberedLabels() throws IOException {
        for (String file : List.of(Checkpoint.ADAPTER_CONFIG, Checkpoint.ADAPTER_WEIGHTS)) {
            Files.copy(run.folder().resolve(file), folder.resolve(file));
        }
        try (var classifier = TextClassifier.load(folder);
                var whole = TextClassifier.load(run.folder())) {
            assertThat(classifier.labels().names()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
            List<String> texts = TinyTexts.of(5, 7).texts();
            assertThat(classifier.probabilities(texts)).isDeepEqualTo(whole.probabilities(texts));
        }
    }

    @Test
    void aBaseModelThatHasChangedOrGoneIsNamed() throws IOException {
        Path base = TinyModels.write("gpt2", folder.resolve("base"));
        Path tuned = train("gpt2", "run", Map.of("model", base.toString())).folder();
        TinyModels.write("gpt2", base, Map.of("n_embd", 16));
        assertThatThrownBy(() -> TextClassifier.load(tuned)).isInstanceOf(InputException.class);
        TinyModels.write("llama", base);
        assertThatThrownBy(() -> TextClassifier.load(tuned))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("c_attn");
        Files.move(base, folder.resolve("elsewhere"));
        assertThatThrownBy(() -> TextClassifier.load(tuned))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("The base model " + base + " of the adapter in " + tuned + " cannot be had.");
    }

    @Test
    void anAdapterIsNoModelToTune() {
        assertThatThrownBy(
                        () -> train("gpt2", "next", Map.of("model", run.folder().toString())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(run.folder() + " is an adapter")
                .hasMessageContaining("attune adapter merge");
    }

    @SuppressWarnings("try") // the scope is there for what it does
    private static void change(
            Checkpoint weights,
            java.util.function.Consumer<Map<String, Tensor>> change,
            java.util.function.Consumer<Map<String, Tensor>> write) {
        try (var scope = new PointerScope();
                weights) {
            var tensors = new LinkedHashMap<String, Tensor>();
            weights.names()
                    .forEach(name -> tensors.put(name, weights.tensor(name).clone()));
            change.accept(tensors);
            write.accept(tensors);
        }
    }

    private Run train(String model, String out, Map<String, ?> options) {
        return Run.train(recipe(model, options), folder.resolve(out), RunListener.NONE, () -> false);
    }

    private static Recipe recipe(String model, Map<String, ?> options) {
        var all = new HashMap<String, Object>(Map.of(
                "method",
                "lora",
                "model",
                models.resolve(model).toString(),
                "data",
                models.resolve("texts.csv").toString(),
                "epochs",
                2,
                "batch-size",
                8));
        all.putAll(options);
        return Recipe.defaults().with(all);
    }
}
