package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.classifier.TextClassifier;
import dev.attune.files.InputException;
import dev.attune.torch.Tensors;
import dev.attune.training.MetricsLog;
import dev.attune.training.MetricsRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs with {@code method: contrastive}, 40 texts to train with. */
class ContrastiveRunTest {
    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    @BeforeAll
    static void write() {
        for (String family : TinyModels.FAMILIES) {
            TinyModels.write(family, shared.resolve(family));
        }
        TinyModels.write("bert", shared.resolve("dropping"), Map.of("hidden_dropout_prob", 0.2));
        TinyTexts.write(TinyTexts.of(80, 1), shared.resolve("texts.csv"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "gpt2", "llama"})
    void learnsAFewTextsAndLoadsAsAPlainClassifier(String family) throws IOException {
        var run = Run.train(recipe(family, Map.of()), folder.resolve("run"), RunListener.NONE, () -> false);

        var evaluation = Objects.requireNonNull(run.evaluation());
        assertThat(evaluation.accuracy()).isGreaterThan(0.7);
        assertThat(folder.resolve("run/attune.json")).content().contains("\"mean\"");
        assertThat(Files.readString(folder.resolve("run/README.md")))
                .contains("in pairs (contrastive), trained part: all")
                .contains("The head reads `mean`, for which transformers has no class");
        var test = Sources.split(recipe(family, Map.of()), RunListener.NONE).test();
        try (var classifier = TextClassifier.load(run.folder())) {
            assertThat(Run.evaluate(classifier, test, 42)).isEqualTo(evaluation);
        }
        var scored = MetricsLog.read(run.folder().resolve("metrics.jsonl")).stream()
                .filter(row -> row.evalAccuracy() != null)
                .toList();
        assertThat(scored)
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.evalF1Macro()).isBetween(0.0, 1.0));
    }

    @Test
    void theSavedHeadIsThatOfTheBestEpoch() throws IOException {
        var all = Map.of("epochs", 4, "learning-rate", 0.02, "lr-scheduler", "constant");
        var run = Run.train(recipe("bert", all), folder.resolve("run"), RunListener.NONE, () -> false);
        var validation = Sources.split(recipe("bert", all), RunListener.NONE).validation();
        double best = MetricsLog.read(run.folder().resolve("metrics.jsonl")).stream()
                .map(MetricsRow::evalAccuracy)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElseThrow();
        try (var classifier = TextClassifier.load(run.folder())) {
            assertThat(Run.evaluate(classifier, validation, 42).accuracy()).isEqualTo(best);
        }
    }

    @Test
    void repeatsExactlyAndGoesOnExactly() throws IOException {
        var recipe = recipe("dropping", Map.of("num-iterations", 1, "logging-steps", 1, "dropout", true));
        Path whole = folder.resolve("whole");
        Path stopped = folder.resolve("stopped");
        Run.train(recipe, whole, RunListener.NONE, () -> false);
        var random = new Random(3);
        var run = Run.train(recipe, stopped, RunListener.NONE, () -> random.nextInt(8) == 0);
        assertThat(run.completed()).isFalse();
        while (!run.completed()) {
            run = Run.resume(stopped, RunListener.NONE, () -> random.nextInt(8) == 0);
        }
        for (String file : List.of("metrics.jsonl", "model.safetensors", "evaluation.json")) {
            assertThat(stopped.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
    }

    @Test
    void theTrunkCacheAndSmallPassesChangeNothing() {
        var options = Map.of("unfreeze", "last-block", "max-steps", 6);
        var cached = weights("cached", options, Map.of());
        assertSame(weights("uncached", options, Map.of("trunk-cache", false)), cached);
        assertSame(weights("small", options, Map.of("max-tokens", 40)), cached);
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertRefused(Map.of("unfreeze", "head"), "takes last-block, last-N or all");
        assertRefused(Map.of("reading", "cls"), "reads the mean");
        assertRefused(Map.of("num-iterations", 0), "num-iterations is 0");
        assertRefused(Map.of("sampling-strategy", "all"), "oversampling, undersampling, unique");
        assertThat(folder).isEmptyDirectory();
    }

    private void assertRefused(Map<String, ?> options, String message) {
        assertThatThrownBy(
                        () -> Run.train(recipe("bert", options), folder.resolve("run"), RunListener.NONE, () -> false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    private static void assertSame(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (name, values) -> assertThat(actual.get(name)).as(name).containsExactly(values, within(2e-5f)));
    }

    private Map<String, float[]> weights(String out, Map<String, ?> options, Map<String, ?> speed) {
        var all = new HashMap<String, Object>(options);
        all.putAll(speed);
        Run.train(recipe("bert", all), folder.resolve(out), RunListener.NONE, () -> false);
        var weights = new HashMap<String, float[]>();
        try (var checkpoint = Checkpoint.open(folder.resolve(out))) {
            checkpoint.names().forEach(name -> weights.put(name, Tensors.toFloats(checkpoint.tensor(name))));
        }
        return weights;
    }

    private static Recipe recipe(String model, Map<String, ?> options) {
        var all = new HashMap<String, Object>(Map.ofEntries(
                Map.entry("method", "contrastive"),
                Map.entry("model", shared.resolve(model).toString()),
                Map.entry("data", shared.resolve("texts.csv").toString()),
                Map.entry("split", List.of(0.5, 0.2, 0.3)),
                Map.entry("num-iterations", 4),
                Map.entry("epochs", 2),
                Map.entry("batch-size", 8),
                Map.entry("learning-rate", 0.003),
                Map.entry("adam-epsilon", 1e-4), // or what is zero but for rounding would make a step
                Map.entry("dropout", false)));
        all.putAll(options);
        return Recipe.defaults().with(all);
    }
}
