package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.classifier.TextClassifier;
import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.data.Split;
import dev.attune.files.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunTest {
    @TempDir
    static Path models;

    @TempDir
    Path folder;

    private Path data = Path.of("");

    @BeforeAll
    static void writeModels() {
        TinyModels.FAMILIES.forEach(family -> TinyModels.write(family, models.resolve(family)));
        TinyModels.write("bert", models.resolve("dropping"), Map.of("hidden_dropout_prob", 0.2));
    }

    @BeforeEach
    void writeData() {
        data = write("texts.csv", TinyTexts.of(60, 1));
    }

    @Test
    void leavesAFolderThatTellsAllAboutIt() throws IOException {
        var run = train("gpt2", "run", Map.of());
        assertThat(run.completed()).isTrue();
        try (var files = Files.list(run.folder())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "config.json",
                            "model.safetensors",
                            "tokenizer.json",
                            "tokenizer_config.json",
                            "attune.json",
                            "recipe.yaml",
                            "metrics.jsonl",
                            "evaluation.json",
                            "predictions.jsonl",
                            "cost.json",
                            "provenance.json",
                            "README.md",
                            "loss.png",
                            "loss.svg",
                            "accuracy.png",
                            "accuracy.svg",
                            "confusion.png",
                            "confusion.svg");
        }
        assertThat(Files.readAllBytes(run.folder().resolve("loss.png"))).startsWith(0x89, 'P', 'N', 'G');
        assertThat(run.folder().resolve("confusion.svg")).content().contains("<svg");
        assertThat(run.folder().resolve("README.md"))
                .content()
                .contains("pipeline_tag: text-classification", "precision", "seed 42")
                .doesNotContain("transformers has no class");

        JsonNode provenance = json(run.folder().resolve("provenance.json"));
        assertThat(provenance.at("/data/train/rows").asInt()).isEqualTo(42);
        assertThat(provenance.at("/data/test/sha256").asText()).hasSize(64);
        assertThat(provenance.at("/model/model.safetensors").asText()).hasSize(64);
        assertThat(provenance.path("seconds").isNumber()).isTrue();
        var evaluation = Objects.requireNonNull(run.evaluation());
        assertThat(json(run.folder().resolve("evaluation.json"))
                        .path("accuracy")
                        .asDouble())
                .isEqualTo(evaluation.accuracy());
        assertThat(Recipe.read(run.folder().resolve("recipe.yaml")))
                .isEqualTo(recipe("gpt2", Map.of("dtype", "float32"))); // what auto means here
    }

    @ParameterizedTest
    @ValueSource(strings = {"dropping", "gpt2", "llama"})
    void repeatsExactlyWithItsSeed(String model) {
        var first = train(model, "first", Map.of("logging-steps", 1));
        var second = train(model, "second", Map.of("logging-steps", 1));
        for (String file : List.of("metrics.jsonl", "model.safetensors", "evaluation.json")) {
            assertThat(second.folder().resolve(file))
                    .hasSameBinaryContentAs(first.folder().resolve(file));
        }
        var other = train(model, "other", Map.of("logging-steps", 1, "seed", 43));
        assertThat(Files.exists(other.folder().resolve("metrics.jsonl"))).isTrue();
        assertThat(content(other.folder().resolve("metrics.jsonl")))
                .isNotEqualTo(content(first.folder().resolve("metrics.jsonl")));
    }

    @Test
    void evaluatesWithTheSavedModel() {
        var run = train("bert", "run", Map.of());
        var test = Sources.split(recipe("bert", Map.of()), RunListener.NONE).test();
        assertThat(run.evaluate(test)).isEqualTo(run.evaluation());
        assertThatThrownBy(() -> run.evaluate(Dataset.of("x", List.of(new Example("a", "sports")))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("sports");
    }

    @Test
    void takesPartsThatComeInFilesWhole() {
        Path validation = write("validation.csv", TinyTexts.of(9, 5));
        Path test = write("test.csv", TinyTexts.of(2, 6)); // two of the three classes
        var split = Sources.split(
                recipe("gpt2", Map.of("validation-data", validation, "test-data", test)), RunListener.NONE);
        assertThat(split.train().size()).isEqualTo(60);
        assertThat(split.validation().texts()).isEqualTo(TinyTexts.of(9, 5).texts());
        assertThat(split.test().texts()).isEqualTo(TinyTexts.of(2, 6).texts());
        assertThat(split.test().labels()).isEqualTo(split.train().labels());
        var tested = Sources.split(
                recipe("gpt2", Map.of("test-data", test, "split", List.of(0.6, 0.2, 0.2))), RunListener.NONE);
        assertThat(tested.train().size()).isEqualTo(45); // 0.6 and 0.2 of what is no test
        assertThat(tested.validation().size()).isEqualTo(15);
    }

    @Test
    void aTestFileWithoutLabelsIsRefusedBeforeTraining() throws IOException {
        Path test = Files.writeString(folder.resolve("test.csv"), "text,label\nrain,\nsnow,\n");
        assertThatThrownBy(() -> train("gpt2", "run", Map.of("test-data", test)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("test.csv has no labels");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void goesWithoutValidationAndTestParts() {
        var run = train("gpt2", "run", Map.of("split", List.of(1.0, 0.0, 0.0)));
        assertThat(run.evaluation()).isNull();
        assertThat(run.folder().resolve("evaluation.json")).doesNotExist();
        assertThat(run.folder().resolve("README.md")).exists();
        assertThat(content(run.folder().resolve("metrics.jsonl"))).doesNotContain("eval_loss");
    }

    @Test
    void aFolderThatHoldsARunIsRefused() {
        train("gpt2", "run", Map.of());
        assertThatThrownBy(() -> train("gpt2", "run", Map.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("run holds a run already. Choose another --out");
        assertThatThrownBy(() -> train("gpt2", "texts.csv", Map.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is a file");
    }

    @Test
    void theModelsOwnFolderIsRefused() {
        Path model = TinyModels.write("gpt2", folder.resolve("own"));
        assertThatThrownBy(() -> Run.train(
                        recipe("gpt2", Map.of("model", model.toString())), model, RunListener.NONE, () -> false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("would be overwritten");
    }

    @Test
    void aRunThatCannotBeginLeavesNothingInTheWay() {
        assertThatThrownBy(() -> train("bert", "run", Map.of("max-length", 999)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("max-length");
        assertThat(train("bert", "run", Map.of()).completed()).isTrue();
    }

    @Test
    void aReadingThatTransformersLacksIsSaidInTheCard() {
        var run = train("gpt2", "run", Map.of("reading", "cls"));
        assertThat(content(run.folder().resolve("README.md"))).contains("`cls`, for which transformers has no class");
    }

    @Test
    void padsTheBooksReadingToTheLongestTrainingText() {
        var run = train("gpt2", "run", Map.of("reading", "last-padded"));
        int length = Integer.parseInt(
                content(run.folder().resolve("attune.json")).replaceAll("(?s).*max_length\" : (\\d+).*", "$1"));
        assertThat(length).isBetween(4, 31);
        try (var classifier = TextClassifier.load(run.folder())) {
            assertThat(classifier.classify("rain").probabilities()).hasSize(3);
        }
    }

    @Test
    void tunesDataSetsThatAreInMemory() {
        var train = TinyTexts.of(24, 1);
        var run = Tuning.of(models.resolve("gpt2").toString())
                .epochs(1)
                .train(train, Dataset.of("none", List.of()), folder.resolve("run"));
        assertThat(run.completed()).isTrue();
        var two = Tuning.of(models.resolve("gpt2").toString())
                .epochs(1)
                .train(train, TinyTexts.of(2, 2), folder.resolve("two")); // a part that lacks a class
        assertThat(two.completed()).isTrue();
    }

    @Test
    void tellsOfItsProgressInOrder() {
        var heard = new java.util.ArrayList<String>();
        var listener = new RunListener() {
            @Override
            public void data(Split split) {
                heard.add("data");
            }

            @Override
            public void preparing(String stage, long done, long total) {
                if (done == total) {
                    heard.add(stage);
                }
            }

            @Override
            public void started(long firstStep, long totalSteps) {
                heard.add("0 of " + totalSteps);
            }

            @Override
            public void stepped(long step, long totalSteps, double loss) {
                heard.add("step " + step);
            }
        };
        Run.train(recipe("gpt2", Map.of("epochs", 1)), folder.resolve("run"), listener, () -> false);
        assertThat(heard)
                .containsExactly("data", "frozen trunk", "frozen trunk", "0 of 3", "step 1", "step 2", "step 3");
    }

    private Run train(String model, String out, Map<String, ?> options) {
        return Run.train(recipe(model, options), folder.resolve(out), RunListener.NONE, () -> false);
    }

    private Recipe recipe(String model, Map<String, ?> options) {
        var all = new HashMap<String, Object>(
                Map.of("model", models.resolve(model).toString(), "data", data.toString(), "epochs", 2));
        all.putAll(options);
        return Recipe.defaults().with(all);
    }

    private Path write(String name, Dataset dataset) {
        return TinyTexts.write(dataset, folder.resolve(name));
    }

    private static JsonNode json(Path file) throws IOException {
        return new JsonMapper().readTree(file.toFile());
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
