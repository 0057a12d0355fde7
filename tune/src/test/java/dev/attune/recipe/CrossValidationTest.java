package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.classifier.TextClassifier;
import dev.attune.data.Folds;
import dev.attune.evaluation.Predictions;
import dev.attune.evaluation.TestResult;
import dev.attune.files.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrossValidationTest {
    private static final int ROWS = 30;

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    @BeforeAll
    static void write() {
        TinyModels.write("bert", shared.resolve("bert"));
        for (String family : List.of("gpt2", "llama")) {
            TinyModels.write(family, shared.resolve(family), TinyModels.ROOMY);
        }
        TinyTexts.write(TinyTexts.of(ROWS, 1), shared.resolve("texts.csv"));
    }

    @ParameterizedTest
    @CsvSource({"bert, head", "bert, lora", "bert, contrastive", "gpt2, prompt", "llama, prefix", "gpt2, p-tuning"})
    void everyMethodPredictsEveryRowOnceByAModelThatHasNotSeenIt(String family, String method) throws IOException {
        var recipe = recipe(family, Map.of("method", method));

        var done = CrossValidation.run(recipe, 3, false, folder.resolve("folds"), RunListener.NONE, () -> false);

        assertThat(done.completed()).isTrue();
        var all = Sources.split(recipe.with(Map.of("split", "1,0,0")), RunListener.NONE)
                .train();
        var result = Objects.requireNonNull(done.result());
        assertThat(result.predictions().rows())
                .extracting(Predictions.Row::text)
                .containsExactlyElementsOf(all.texts());
        assertThat(result.evaluation().n()).isEqualTo(ROWS);
        assertThat(result.evaluation().intervals()).containsKeys("accuracy", "f1_macro");
        assertThat(TestResult.read(done.folder())).isEqualTo(result);

        var folds = Folds.stratified(all.labelIds(), 3, recipe.training().seed());
        for (int fold = 0; fold < 3; fold++) {
            Path each = done.folder().resolve("fold-" + (fold + 1));
            var held = TestResult.read(each);
            assertThat(done.foldAccuracies().get(fold))
                    .isEqualTo(held.evaluation().accuracy());
            var rows = held.predictions().rows();
            for (int i = 0; i < rows.size(); i++) {
                assertThat(result.predictions().rows().get(folds.get(fold)[i])).isEqualTo(rows.get(i));
            }
            try (var files = Files.list(each)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .contains("metrics.jsonl", "recipe.yaml", "provenance.json")
                        .noneMatch(name -> name.endsWith(".safetensors") || name.equals("tokenizer.json"));
            }
        }
    }

    @Test
    void aFoldsFiguresAreThoseOfARunOnTheSameParts() {
        var recipe = recipe("bert", Map.of("unfreeze", "all"));
        var done = CrossValidation.run(recipe, 3, true, folder.resolve("folds"), RunListener.NONE, () -> false);

        var held = TestResult.read(done.folder().resolve("fold-2"));
        try (var classifier = TextClassifier.load(done.folder().resolve("fold-2"))) {
            var texts = held.predictions().rows().stream()
                    .map(Predictions.Row::text)
                    .toList();
            assertThat(classifier.classify(texts))
                    .extracting(prediction -> prediction.label())
                    .containsExactlyElementsOf(held.predictions().rows().stream()
                            .map(Predictions.Row::predicted)
                            .toList());
        }
    }

    @Test
    void whatIsStoppedAgainAndAgainEndsAsAnUninterruptedOne() {
        var recipe = recipe("gpt2", Map.of("method", "prompt"));
        Path whole = folder.resolve("whole");
        CrossValidation.run(recipe, 3, false, whole, RunListener.NONE, () -> false);

        Path stopped = folder.resolve("stopped");
        var begun = new ArrayList<Integer>();
        var listener = new RunListener() {
            @Override
            public void fold(int fold, int folds) {
                begun.add(fold);
            }
        };
        int[] asked = {0};
        var state = CrossValidation.run(recipe, 3, false, stopped, listener, () -> ++asked[0] % 4 == 0);
        while (!state.completed()) {
            state = CrossValidation.resume(stopped, listener, () -> ++asked[0] % 4 == 0);
        }

        assertThat(begun).contains(1, 2, 3).isSorted().hasSizeGreaterThan(3);
        for (String file : List.of("evaluation.json", "predictions.jsonl", "folds.json", "fold-2/metrics.jsonl")) {
            assertThat(stopped.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
    }

    @Test
    void foldsThatAreDoneAreNotRepeated() throws IOException {
        var recipe = recipe("bert", Map.of());
        Path out = folder.resolve("folds");
        var stopping = new RunListener() {
            private boolean second;

            @Override
            public void fold(int fold, int folds) {
                second = fold == 2;
            }
        };
        CrossValidation.run(recipe, 3, false, out, stopping, () -> stopping.second);
        assertThatThrownBy(() -> CrossValidation.run(recipe, 3, false, out, RunListener.NONE, () -> false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--resume");
        byte[] first = Files.readAllBytes(out.resolve("fold-1/provenance.json"));

        var done = CrossValidation.resume(out, RunListener.NONE, () -> false);

        assertThat(done.completed()).isTrue();
        assertThat(out.resolve("fold-1/provenance.json")).hasBinaryContent(first);
        assertThatThrownBy(() -> CrossValidation.resume(out, RunListener.NONE, () -> false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is done");
        assertThatThrownBy(() -> Run.resume(out, RunListener.NONE, () -> false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cross-validation");
    }

    @Test
    void otherRowsAreRefused() {
        Path data = TinyTexts.write(TinyTexts.of(ROWS, 2), folder.resolve("texts.csv"));
        var recipe = recipe("bert", Map.of("data", data.toString()));
        Path out = folder.resolve("folds");
        CrossValidation.run(recipe, 3, false, out, RunListener.NONE, () -> true);
        TinyTexts.write(TinyTexts.of(ROWS, 3), data);

        assertThatThrownBy(() -> CrossValidation.resume(out, RunListener.NONE, () -> false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not those");
    }

    @Test
    void moreFoldsThanRowsAreRefusedBeforeAnythingIsWritten() {
        Path out = folder.resolve("folds");
        assertThatThrownBy(() ->
                        CrossValidation.run(recipe("bert", Map.of()), 31, false, out, RunListener.NONE, () -> false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("31 folds");
        assertThat(out).doesNotExist();
    }

    @Test
    void fromJavaOnRowsInMemory() {
        var done = Tuning.of(shared.resolve("bert").toString())
                .epochs(2)
                .crossValidate(TinyTexts.of(20, 4), 4, folder.resolve("folds"));

        assertThat(done.foldAccuracies()).hasSize(4);
        assertThat(Objects.requireNonNull(done.result()).evaluation().n()).isEqualTo(20);
    }

    private static Recipe recipe(String model, Map<String, ?> options) {
        var all = new HashMap<String, Object>(Map.of(
                "model",
                shared.resolve(model).toString(),
                "data",
                shared.resolve("texts.csv").toString(),
                "epochs",
                2,
                "batch-size",
                8));
        all.putAll(options);
        return Recipe.defaults().with(all);
    }
}
