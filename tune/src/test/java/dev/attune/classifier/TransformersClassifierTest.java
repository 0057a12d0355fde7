package dev.attune.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.ProvidedFolders;
import dev.attune.PythonScript;
import dev.attune.TinyModels;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Run;
import dev.attune.recipe.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A run folder gives in transformers what it gives here, and a folder that transformers saved gives here what it gave there. */
@Tag("interop")
class TransformersClassifierTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Families that there are no weights of here: tiny random models stand for them. */
    private static final List<String> TINY = List.of("bloom", "mistral", "qwen2");
    /** One model of each family, first BERT, Llama and GPT-2. */
    private static final List<String> MODELS = Stream.concat(
                    Stream.of("minilm", "smollm2-135m-instruct", "gpt2-shape"), TINY.stream())
            .toList();

    private static final int TEXTS = 200;

    @TempDir
    static Path folder;

    private static List<String> texts = List.of();

    /** A short training run of each family here; then all of Python's part in one process, since its imports take long. */
    @BeforeAll
    static void trainAndAskTransformers() throws IOException, InterruptedException {
        try (var lines = Files.lines(ProvidedFolders.data("sms_spam/SMSSpamCollection"))) {
            texts = lines.skip(1000)
                    .limit(TEXTS)
                    .map(line -> line.substring(line.indexOf('\t') + 1))
                    .toList();
        }
        Path textsFile = folder.resolve("texts.json");
        JSON.writeValue(textsFile.toFile(), texts);
        var arguments = new ArrayList<>(List.of(textsFile.toString(), saved("").toString()));
        for (String model : MODELS) {
            Path base = TINY.contains(model)
                    ? TinyModels.write(
                            model, folder.resolve("base").resolve(model), Map.of("max_position_embeddings", 1000))
                    : ProvidedFolders.model(model);
            train(base, run(model));
            arguments.addAll(List.of(model, base.toString(), run(model).toString()));
        }
        PythonScript.run("classifiers.py", folder, arguments);
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void transformersGivesARunFoldersLogits(String model) throws IOException {
        assertSameLogits(run(model), expected(model, "ours"));
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void aFolderThatTransformersSavedGivesItsLogits(String model) throws IOException {
        assertSameLogits(saved(model), expected(model, "theirs"));
    }

    private static void assertSameLogits(Path classifierFolder, JsonNode expected) {
        double[][] theirs = JSON.convertValue(expected.path("logits"), double[][].class);
        assertThat(theirs).hasNumberOfRows(TEXTS);
        assertThat(Arrays.stream(theirs).mapToDouble(row -> row[0]).distinct().count())
                .as("different texts have different logits")
                .isGreaterThan(TEXTS / 2);
        try (var classifier = TextClassifier.load(classifierFolder)) {
            assertThat(classifier.labels().names())
                    .containsExactly(JSON.convertValue(expected.path("labels"), String[].class));
            double[][] here = classifier.logits(texts);
            for (int i = 0; i < TEXTS; i++) {
                assertClose(here[i], theirs[i], texts.get(i));
            }
            assertClose(classifier.probabilities(texts.subList(0, 1))[0], softmax(theirs[0]), texts.get(0));
        }
    }

    private static void assertClose(double[] actual, double[] expected, String text) {
        assertThat(actual).as(text).hasSameSizeAs(expected);
        for (int label = 0; label < expected.length; label++) {
            assertThat(Math.abs(actual[label] - expected[label]))
                    .as(() -> Arrays.toString(actual) + " here, " + Arrays.toString(expected) + " there: " + text)
                    .isLessThan(1e-4);
        }
    }

    private static double[] softmax(double[] logits) {
        double[] exponentials = Arrays.stream(logits).map(Math::exp).toArray();
        double sum = Arrays.stream(exponentials).sum();
        return Arrays.stream(exponentials).map(e -> e / sum).toArray();
    }

    private static void train(Path base, Path run) {
        var recipe = Recipe.defaults()
                .with(Map.of(
                        "data",
                        "sms-spam",
                        "data-dir",
                        ProvidedFolders.data("."),
                        "limit",
                        80,
                        "model",
                        base.toString(),
                        "unfreeze",
                        "last-block",
                        "max-steps",
                        4));
        assertThat(Run.train(recipe, run, RunListener.NONE, () -> false).completed())
                .isTrue();
    }

    private static Path run(String model) {
        return folder.resolve("runs").resolve(model);
    }

    private static Path saved(String model) {
        return folder.resolve("transformers").resolve(model);
    }

    private static JsonNode expected(String model, String whose) throws IOException {
        return JSON.readTree(saved(model).resolve("logits.json").toFile()).path(whose);
    }
}
