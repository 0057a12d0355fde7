package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.classifier.TextClassifier;
import dev.attune.files.InputException;
import dev.attune.model.Quantization;
import dev.attune.peft.AdapterConfig;
import dev.attune.peft.LoraConfig;
import dev.attune.peft.PromptTuningConfig;
import dev.attune.peft.TaskType;
import dev.attune.peft.TrainableParameters;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs whose result is a language model's adapter and the words it answers with. */
class LabelWordRunTest {
    @TempDir
    static Path models;

    @TempDir
    Path folder;

    @BeforeAll
    static void writeModels() {
        TinyTexts.write(TinyTexts.of(60, 1), models.resolve("texts.csv"));
        for (String family : TinyModels.FAMILIES) {
            TinyModels.write(family, models.resolve(family), TinyModels.ROOMY);
        }
    }

    @Test
    void leavesPeftsFilesWithTheTemplateBesideThem() throws IOException {
        var run = train("gpt2", "run", Map.of("prompt-tuning-init-text", "what is it about:"));

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
        var config = (PromptTuningConfig) AdapterConfig.read(run.folder());
        assertThat(config.taskType()).isEqualTo(TaskType.CAUSAL_LM);
        assertThat(config.promptTuningInit()).isEqualTo(PromptTuningConfig.Init.TEXT);
        assertThat(config.promptTuningInitText()).isEqualTo("what is it about:");
        assertThat(config.tokenizerNameOrPath())
                .isEqualTo(models.resolve("gpt2").toString());
        try (var tokenizer = Tokenizer.load(run.folder())) {
            assertThat(tokenizer.encode("what is it about:", Integer.MAX_VALUE)).hasSize(config.numVirtualTokens());
        }
        try (var weights = Checkpoint.ofFile(run.folder().resolve(Checkpoint.ADAPTER_WEIGHTS))) {
            assertThat(weights.names()).containsExactly("prompt_embeddings");
            assertThat(weights.shape("prompt_embeddings")).containsExactly(config.numVirtualTokens(), 32);
        }
        var own = new JsonMapper().readTree(run.folder().resolve("attune.json").toFile());
        assertThat(own.at("/answer/template").asText()).isEqualTo("Text : {text} Label : ");
        assertThat(own.at("/answer/end_of_text").asBoolean()).isTrue();
        assertThat(run.folder().resolve("README.md"))
                .content()
                .contains("- prompt_tuning", "Text : {text} Label : ", "library_name: peft");
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2, prompt, true",
        "llama, prompt, false",
        "bloom, prefix, false",
        "llama, prefix, true",
        "gpt2, p-tuning, false",
        "llama, lora, false"
    })
    void whatIsLoadedClassifiesAsWhatWasTrained(String family, String method, boolean calibrate) {
        Map<String, Object> options = Map.of(
                "method",
                method,
                "template",
                "about {text}: ",
                "label-words",
                List.of("music=sound"),
                "calibrate",
                calibrate,
                "label-scoring",
                "mean",
                "peft-positions",
                calibrate,
                "max-length",
                64);
        var run = train(family, "run", options);

        var test = Sources.split(recipe(family, options), RunListener.NONE).test();
        assertThat(run.evaluate(test)).isEqualTo(Objects.requireNonNull(run.evaluation()));
        try (var classifier = TextClassifier.load(run.folder());
                var int8 = TextClassifier.load(run.folder(), null, Quantization.INT8, Device.CPU)) {
            assertThat(classifier.labels().names()).containsExactly("food", "music", "weather");
            double[] expected = classifier.probabilities(List.of("rain and snow"))[0];
            assertThat(int8.probabilities(List.of("rain and snow"))[0])
                    .containsExactly(expected, within(0.05))
                    .isNotEqualTo(expected);
        }
    }

    /** Low-rank updates reach far enough into a random model to tell the classes apart; virtual tokens do not. */
    @Test
    void learnsToAnswerByUpdates() {
        var run = train(
                "llama",
                "run",
                Map.of(
                        "method",
                        "lora",
                        "target-modules",
                        "all-linear",
                        "template",
                        "{text} is ",
                        "epochs",
                        25,
                        "learning-rate",
                        0.02));

        assertThat(((LoraConfig) AdapterConfig.read(run.folder())).taskType()).isEqualTo(TaskType.CAUSAL_LM);
        assertThat(Objects.requireNonNull(run.evaluation()).accuracy()).isGreaterThan(0.6); // by chance 0.33
    }

    @ParameterizedTest
    @CsvSource({"gpt2, prompt", "llama, p-tuning", "bloom, prefix", "gpt2, lora"})
    void repeatsExactlyAndResumesExactly(String family, String method) {
        Map<String, Object> options =
                Map.of("method", method, "template", "{text}: ", "logging-steps", 1, "lora-dropout", 0.2);
        Path whole = train(family, "whole", options).folder();
        Path again = train(family, "again", options).folder();
        Path out = folder.resolve("stopped");
        var stopped = Run.train(recipe(family, options), out, RunListener.NONE, () -> true);
        while (!stopped.completed()) {
            stopped = Run.resume(out, RunListener.NONE, () -> true);
        }
        for (String file : List.of("metrics.jsonl", Checkpoint.ADAPTER_WEIGHTS, "evaluation.json")) {
            assertThat(again.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
            assertThat(out.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
    }

    @Test
    void tellsHowManyParametersAreTrained() {
        var told = new AtomicReference<TrainableParameters>();
        var listener = new RunListener() {
            @Override
            public void model(Path base, dev.attune.model.LoadReport report, TrainableParameters parameters) {
                told.set(parameters);
            }
        };

        Run.train(recipe("gpt2", Map.of("num-virtual-tokens", 5)), folder.resolve("run"), listener, () -> true);

        var parameters = Objects.requireNonNull(told.get());
        assertThat(parameters.trainable()).isEqualTo(5 * 32);
        assertThat(parameters.all()).isGreaterThan(20_000);
    }

    @Test
    void takesTheUsualNumberOfVirtualTokensWithoutAText() {
        Path run = train("gpt2", "run", Map.of("epochs", 1)).folder();

        var config = (PromptTuningConfig) AdapterConfig.read(run);
        assertThat(config.numVirtualTokens()).isEqualTo(8);
        assertThat(config.promptTuningInit()).isEqualTo(PromptTuningConfig.Init.SAMPLE_VOCAB);
    }

    @Test
    void refusesWhatCannotBeMeant() {
        assertThatThrownBy(() -> train("bert", "run", Map.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Models of type bert write no labels");
        assertThatThrownBy(() -> train("gpt2", "run", Map.of("method", "head", "template", "{text}: ")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("method head");
        for (String method : List.of("lora", "prompt", "prefix", "p-tuning")) {
            assertThatThrownBy(() -> train("gpt2", "run", Map.of("method", method, "unfreeze", "last-block")))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("unfreeze is 'last-block', but the method " + method);
        }
        assertThatThrownBy(() -> train("gpt2", "run", Map.of("label-words", List.of("sport=ball"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("sport");
        assertThatThrownBy(() -> train("gpt2", "run", Map.of("max-length", 125)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at most 120 tokens beside the virtual ones");
        assertThatThrownBy(() -> train("gpt2", "run", Map.of("prompt-tuning-init", "text")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("prompt-tuning-init-text");
        assertThatThrownBy(() -> train("gpt2", "run", Map.of("method", "head", "gradient-checkpointing", true)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("gradient-checkpointing");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aPromptForAnotherModelIsNamedByItsTensor() throws IOException {
        Path base = TinyModels.write("gpt2", folder.resolve("base"), TinyModels.ROOMY);
        Path run = train("gpt2", "run", Map.of("model", base.toString())).folder();
        var file = run.resolve(Checkpoint.ADAPTER_CONFIG);
        Files.writeString(
                file, Files.readString(file).replaceAll("\"num_virtual_tokens\" : \\d+", "\"num_virtual_tokens\" : 3"));

        assertThatThrownBy(() -> TextClassifier.load(run))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("prompt_embeddings")
                .hasMessageContaining("[3, 32]");
    }

    private Run train(String model, String out, Map<String, ?> options) {
        return Run.train(recipe(model, options), folder.resolve(out), RunListener.NONE, () -> false);
    }

    private static Recipe recipe(String model, Map<String, ?> options) {
        var all = new HashMap<String, Object>(Map.of(
                "method",
                "prompt",
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
