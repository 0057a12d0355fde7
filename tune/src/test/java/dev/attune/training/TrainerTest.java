package dev.attune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.data.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @FieldSource("dev.attune.TinyModels#FAMILIES")
    void learnsWhatTellsTheClassesApart(String family) {
        var texts = new Split(TinyTexts.of(120, 1), TinyTexts.of(30, 2), TinyTexts.of(3, 3));
        var trained = Trained.of(
                model(family),
                folder.resolve("run"),
                Map.of("unfreeze", "all", "epochs", 8, "batch-size", 8, "learning-rate", 0.003),
                texts,
                TrainingListener.NONE,
                () -> false);
        assertThat(trained.metrics().stream()
                        .map(MetricsRow::evalF1Macro)
                        .filter(Objects::nonNull)
                        .mapToDouble(Double::doubleValue)
                        .max()
                        .orElseThrow())
                .isGreaterThan(0.8);
    }

    @Test
    void accumulatedBatchesEqualOneLargeBatch() {
        // 24 texts: 5 a batch leaves a last one of 4, so that batches must count by their texts.
        var small = train("gpt2", "small", exact(Map.of("batch-size", 5, "gradient-accumulation-steps", 2)));
        var large = train("gpt2", "large", exact(Map.of("batch-size", 10)));
        assertThat(small.outcome().steps()).isEqualTo(large.outcome().steps());
        assertSameWeights(small, large);
    }

    @Test
    void passesOfFewTokensEqualTheWholeBatch() {
        var parts = train("bert", "parts", exact(Map.of("max-tokens", 20)));
        var whole = train("bert", "whole", exact(Map.of()));
        assertSameWeights(parts, whole);
        assertThat(parts.metrics().get(0).loss())
                .isCloseTo(Objects.requireNonNull(whole.metrics().get(0).loss()), within(1e-5));
    }

    static Stream<Arguments> trainedParts() {
        return Stream.of(
                Arguments.of("gpt2", "head", Set.of("score")),
                Arguments.of("gpt2", "last-block", Set.of("score", "transformer.ln_f", "transformer.h.1")),
                Arguments.of(
                        "gpt2", "last-2", Set.of("score", "transformer.ln_f", "transformer.h.0", "transformer.h.1")),
                Arguments.of(
                        "gpt2",
                        "all",
                        Set.of(
                                "score",
                                "transformer.ln_f",
                                "transformer.h.0",
                                "transformer.h.1",
                                "transformer.wte.weight",
                                "transformer.wpe.weight")),
                Arguments.of("bert", "head", Set.of("classifier", "bert.pooler")),
                Arguments.of("bert", "last-block", Set.of("classifier", "bert.pooler", "bert.encoder.layer.1")),
                Arguments.of("llama", "last-block", Set.of("score", "model.norm", "model.layers.1")));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("trainedParts")
    void changesWhatIsTrainedAndNothingElse(String family, String unfreeze, Set<String> parts) {
        var trained = train(family, "run", Map.of("unfreeze", unfreeze, "epochs", 1));
        var changed = new TreeSet<String>();
        var expected = new TreeSet<String>();
        trained.weights().forEach((name, values) -> {
            if (!java.util.Arrays.equals(values, trained.before().get(name))) {
                changed.add(name);
            }
            if (parts.stream().anyMatch(part -> name.equals(part) || name.startsWith(part + "."))) {
                expected.add(name);
            }
        });
        assertThat(changed).isEqualTo(expected);
    }

    @Test
    void clippingBoundsAStep() {
        var options = Map.of(
                "optimizer",
                "sgd",
                "weight-decay",
                0,
                "learning-rate",
                1,
                "lr-scheduler",
                "constant",
                "max-grad-norm",
                0.01,
                "max-steps",
                1,
                "unfreeze",
                "all",
                "logging-steps",
                1);
        var trained = train("gpt2", "run", options);
        double sum = 0;
        for (String name : trained.weights().keySet()) {
            float[] after = Objects.requireNonNull(trained.weights().get(name));
            float[] before = Objects.requireNonNull(trained.before().get(name));
            for (int i = 0; i < after.length; i++) {
                sum += Math.pow(after[i] - before[i], 2);
            }
        }
        assertThat(Math.sqrt(sum)).isCloseTo(0.01, within(1e-5));
        assertThat(trained.metrics().get(0).gradNorm()).as("before clipping").isGreaterThan(0.1);
    }

    @Test
    void stopsEarlyWhereNothingGetsBetter() {
        var trained = train(
                "gpt2",
                "run",
                Map.of("epochs", 9, "early-stopping-patience", 2, "learning-rate", 1e-30, "weight-decay", 0));
        assertThat(trained.outcome().steps())
                .isEqualTo(3 * 2); // the first epoch and two no better; 24 texts, 16 a batch
        assertThat(trained.outcome().bestStep()).isEqualTo(2);
    }

    @Test
    void leavesTheModelAsItWasAtTheBestEpoch() {
        var options = Map.of("epochs", 5, "unfreeze", "all", "lr-scheduler", "constant", "learning-rate", 0.005);
        var misled = new Split(TinyTexts.of(24, 1), rotated(TinyTexts.of(24, 1)), TinyTexts.of(3, 3));
        var trained =
                Trained.of(model("gpt2"), folder.resolve("run"), options, misled, TrainingListener.NONE, () -> false);
        Long best = Objects.requireNonNull(trained.outcome().bestStep());
        assertThat(best).isLessThan(trained.outcome().steps());
        var upToThere = new HashMap<String, Object>(options);
        upToThere.put("max-steps", best);
        var shorter = Trained.of(
                model("gpt2"), folder.resolve("short"), upToThere, misled, TrainingListener.NONE, () -> false);
        shorter.weights()
                .forEach((name, values) ->
                        assertThat(trained.weights().get(name)).as(name).isEqualTo(values));
    }

    @Test
    void takesAsManyStepsAsAskedForWhateverTheEpochsSay() {
        assertThat(train("gpt2", "fewer", Map.of("epochs", 5, "max-steps", 3))
                        .outcome()
                        .steps())
                .isEqualTo(3);
        assertThat(train("gpt2", "more", Map.of("epochs", 1, "max-steps", 7))
                        .outcome()
                        .steps())
                .isEqualTo(7);
    }

    @Test
    void trainsWithoutAValidationPart() {
        var train = TinyTexts.of(24, 1);
        var none = new Dataset("none", List.of(), train.labels());
        var trained = Trained.of(
                model("gpt2"),
                folder.resolve("run"),
                Map.of("epochs", 2),
                new Split(train, none, none),
                TrainingListener.NONE,
                () -> false);
        assertThat(trained.outcome()).isEqualTo(new Trainer.Outcome(true, 4, null));
        assertThat(trained.metrics()).allMatch(row -> row.evalLoss() == null);
    }

    @Test
    void learningRatesAreTheSchedules() {
        var trained = train(
                "gpt2",
                "run",
                Map.of(
                        "epochs",
                        3,
                        "learning-rate",
                        0.1,
                        "warmup-ratio",
                        0.3,
                        "logging-steps",
                        1,
                        "lr-scheduler",
                        "linear"));
        // 6 steps, of which ceil(1.8) warm up
        assertThat(trained.metrics().stream()
                        .map(MetricsRow::learningRate)
                        .filter(Objects::nonNull)
                        .mapToDouble(Double::doubleValue))
                .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1)
                .containsExactly(0.0, 0.05, 0.1, 0.075, 0.05, 0.025);
    }

    @ParameterizedTest
    @ValueSource(strings = {"head", "last-block", "all"})
    void holdsNoMoreNativeObjectsAfterFiftySteps(String unfreeze) {
        var counts = new ArrayList<Long>();
        var listener = new TrainingListener() {
            @Override
            public void stepped(long step, long totalSteps, double loss) {
                if (step == 10 || step == 60) {
                    counts.add(Pointer.totalCount());
                }
            }
        };
        Trained.of(
                model("gpt2"),
                folder.resolve("run"),
                Map.of("epochs", 20, "batch-size", 8, "unfreeze", unfreeze, "eval-steps", 7, "save-steps", 9),
                TinyTexts.split(),
                listener,
                () -> false);
        assertThat(counts).hasSize(2);
        assertThat(counts.get(1)).isLessThanOrEqualTo(counts.get(0));
    }

    @Test
    void dropoutRepeatsWithTheSeed() {
        Path model = TinyModels.write("bert", folder.resolve("dropping"), Map.of("hidden_dropout_prob", 0.3));
        var options = Map.of("epochs", 2, "logging-steps", 1);
        var first = Trained.of(model, folder.resolve("first"), options);
        var second = Trained.of(model, folder.resolve("second"), options);
        assertThat(second.metrics()).isEqualTo(first.metrics());
        var dropless =
                Trained.of(model, folder.resolve("off"), Map.of("epochs", 2, "logging-steps", 1, "dropout", false));
        assertThat(dropless.metrics().get(0).loss())
                .isNotEqualTo(first.metrics().get(0).loss());
    }

    @Test
    void refusesToGoOnWithMetricsThatAreLost() throws Exception {
        Path run = folder.resolve("run");
        var options = Map.of("epochs", 2, "logging-steps", 1);
        Trained.of(model("gpt2"), run, options, TinyTexts.split(), TrainingListener.NONE, () -> true);
        java.nio.file.Files.writeString(run.resolve("metrics.jsonl"), "");
        assertThatThrownBy(() -> Trained.of(model("gpt2"), run, options))
                .isInstanceOf(dev.attune.files.InputException.class)
                .hasMessageContaining("metrics.jsonl lacks rows");
    }

    private Trained train(String family, String run, Map<String, ?> options) {
        return Trained.of(model(family), folder.resolve(run), options);
    }

    private Path model(String family) {
        return TinyModels.write(family, folder.resolve(family));
    }

    /** Adam would make full steps of gradients that are rounding errors. */
    private static Map<String, Object> exact(Map<String, ?> more) {
        var options = new HashMap<String, Object>(Map.of(
                "epochs",
                2,
                "unfreeze",
                "all",
                "optimizer",
                "sgd",
                "momentum",
                0.9,
                "length-batches",
                false,
                "logging-steps",
                1));
        options.putAll(more);
        return options;
    }

    private static void assertSameWeights(Trained actual, Trained expected) {
        actual.weights()
                .forEach((name, values) -> assertThat(values)
                        .as(name)
                        .containsExactly(
                                Objects.requireNonNull(expected.weights().get(name)), within(1e-5f)));
    }

    /** Each text under the next class's label. */
    private static Dataset rotated(Dataset texts) {
        var names = texts.labels().names();
        var examples = texts.examples().stream()
                .map(e -> new Example(e.text(), names.get((names.indexOf(e.label()) + 1) % names.size())))
                .toList();
        return new Dataset("rotated", examples, texts.labels());
    }
}
