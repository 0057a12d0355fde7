package dev.attune.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.ProvidedFolders;
import dev.attune.PythonScript;
import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Run;
import dev.attune.recipe.RunListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A LoRA run gives in peft what it gives here, and an adapter that peft saved gives here what it gave there. */
@Tag("interop")
class PeftClassifierTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** MiniLM's file lacks the pooler that its head reads through. */
    private static final List<String> REAL = List.of("minilm", "smollm2-135m-instruct");

    private static final List<String> MODELS =
            List.of("minilm", "smollm2-135m-instruct", "bert", "bloom", "gpt2", "llama", "mistral", "qwen2");

    @TempDir
    static Path folder;

    private static final List<String> TEXTS = TinyTexts.of(50, 4).texts();

    @BeforeAll
    static void trainAndAskPeft() throws IOException, InterruptedException {
        Path textsFile = folder.resolve("texts.json");
        JSON.writeValue(textsFile.toFile(), TEXTS);
        var arguments = new ArrayList<>(List.of(textsFile.toString(), saved("").toString()));
        for (String model : MODELS) {
            Path base = REAL.contains(model)
                    ? ProvidedFolders.model(model)
                    : TinyModels.write(model, folder.resolve("base").resolve(model));
            train(base, run(model));
            arguments.addAll(List.of(model, base.toString(), run(model).toString()));
        }
        PythonScript.run("adapters.py", folder, arguments);
    }

    private static void train(Path base, Path run) {
        var recipe = Recipe.defaults()
                .with(Map.of(
                        "method",
                        "lora",
                        "data",
                        TinyTexts.write(TinyTexts.of(60, 1), folder.resolve("texts.csv"))
                                .toString(),
                        "model",
                        base.toString(),
                        "max-steps",
                        4,
                        "learning-rate",
                        0.01));
        assertThat(Run.train(recipe, run, RunListener.NONE, () -> false).completed())
                .isTrue();
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void peftGivesARunsLogits(String model) throws IOException {
        assertSameLogits(run(model), expected(model, "ours", "logits"));
        assertSameLogits(run(model), expected(model, "ours", "merged"));
    }

    @ParameterizedTest
    @FieldSource("MODELS")
    void anAdapterThatPeftSavedGivesItsLogits(String model) throws IOException {
        assertSameLogits(saved(model), expected(model, "theirs", "logits"));
    }

    private static void assertSameLogits(Path adapter, double[][] expected) {
        try (var classifier = TextClassifier.load(adapter)) {
            double[][] here = classifier.logits(TEXTS);
            assertThat(Arrays.stream(here).mapToDouble(row -> row[0]).distinct().count())
                    .as("different texts have different logits")
                    .isGreaterThan(TEXTS.size() / 2);
            for (int i = 0; i < expected.length; i++) {
                assertThat(here[i]).as(TEXTS.get(i)).containsExactly(expected[i], within(1e-4));
            }
        }
    }

    private static double[][] expected(String model, String whose, String what) throws IOException {
        return JSON.convertValue(
                JSON.readTree(saved(model).resolve("logits.json").toFile())
                        .path(whose)
                        .path(what),
                double[][].class);
    }

    private static Path run(String model) {
        return folder.resolve("runs").resolve(model);
    }

    private static Path saved(String model) {
        return folder.resolve("peft").resolve(model);
    }
}
