package dev.attune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.classifier.ClassifierFolder;
import dev.attune.classifier.EncodedDataset;
import dev.attune.classifier.Unfreeze;
import dev.attune.peft.TaskType;
import dev.attune.recipe.Recipe;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes of known cost on a clock that they alone move. */
class RehearsalTest {
    private static final PassCost TRUNK = new PassCost(3e-5, 1e-3, 2e-7);
    private static final PassCost TRAINING = new PassCost(1e-4, 2e-3, 1e-6);
    private static final PassCost SCORING = new PassCost(2e-5, 5e-4, 0);
    private static final PassCost TESTING = new PassCost(7e-5, 0, 4e-7);

    @TempDir
    Path folder;

    private final Tensor weight = Tensors.of(new float[] {2}, 1).requires_grad_(true);
    private double clock;
    private int passes;

    @AfterEach
    void close() {
        weight.close();
    }

    @Test
    void sumsTheCostOfEveryBatchOfEveryEpoch() {
        int[] lengths = new Random(1).ints(200, 3, 60).toArray();

        var told = rehearse(new Planned(lengths, 0, 0), Map.of("epochs", 3, "batch-size", 16));

        double expected = IntStream.range(0, 3)
                .mapToObj(epoch -> Batches.epoch(lengths, 16, true, 42, epoch))
                .flatMap(List::stream)
                .mapToDouble(batch -> cost(TRAINING, lengths, batch))
                .sum();
        assertClose(told.stepping(), expected);
        assertThat(told.steps()).isEqualTo(39);
        assertThat(told.wholeEpochs()).isEqualTo(3);
    }

    @Test
    void tenTimesTheRowsTakeTenTimesAsLong() {
        var few = rehearse(new Planned(uniform(160), 160, 160), Map.of());
        var many = rehearse(new Planned(uniform(1600), 1600, 1600), Map.of());

        assertThat(few.stepping()).isPositive();
        assertClose(many.preparation(), 10 * few.preparation());
        assertClose(many.stepping(), 10 * few.stepping());
        assertClose(many.test(), 10 * few.test());
    }

    @Test
    void theTrunkAndTheTestAreDoneOnceAndEpochsAgain() {
        var one = rehearse(new Planned(uniform(160), 160, 32), Map.of("epochs", 1));
        var five = rehearse(new Planned(uniform(160), 160, 32), Map.of("epochs", 5));

        assertClose(one.preparation(), 10 * TRUNK.seconds(16, 20));
        assertClose(five.preparation(), one.preparation());
        assertClose(one.test(), 2 * TESTING.seconds(16, 20));
        assertClose(five.test(), one.test());
        assertClose(five.stepping(), 5 * one.stepping());
        assertClose(five.evaluation(), 5 * one.evaluation());
    }

    @Test
    void evaluationsFollowEpochsAndSteps() {
        // 10 steps an epoch; the training sample has 2 batches, the validation part 3.
        var epochs = rehearse(new Planned(uniform(160), 160, 0), Map.of("epochs", 2, "eval-batches", 2));
        var steps =
                rehearse(new Planned(uniform(160), 160, 0), Map.of("epochs", 2, "eval-batches", 2, "eval-steps", 3));

        double batch = SCORING.seconds(16, 20);
        assertClose(epochs.evaluation(), 2 * (2 + 3) * batch);
        assertClose(steps.evaluation(), 2 * (2 + 3) * batch + 6 * (2 + 2) * batch);
        assertThat(epochs.test()).isZero();
    }

    @Test
    void aTestCostsAsAnEvaluationWhereNoTrunkWasRunBefore() {
        var told = rehearse(new Planned(uniform(160), 0, 32), Map.of());

        assertThat(told.preparation()).isZero();
        assertThat(told.test()).isPositive();
    }

    @Test
    void stepsAreCappedWhereAskedFor() {
        var capped = rehearse(new Planned(uniform(160), 0, 0), Map.of("epochs", 9, "max-steps", 25));

        assertThat(capped.steps()).isEqualTo(25);
        assertThat(capped.wholeEpochs()).isZero();
        assertClose(capped.stepping(), 25 * TRAINING.seconds(16, 20));
        assertClose(capped.evaluation(), 3 * (5 + 3) * SCORING.seconds(16, 20));
    }

    @Test
    void accumulatedBatchesCostWhatTheyCostApart() {
        var whole = rehearse(new Planned(uniform(160), 0, 0), Map.of("epochs", 1));
        var accumulated =
                rehearse(new Planned(uniform(160), 0, 0), Map.of("epochs", 1, "gradient-accumulation-steps", 4));
        var cut = rehearse(new Planned(uniform(160), 0, 0), Map.of("epochs", 1, "max-tokens", 160));

        assertThat(accumulated.steps()).isEqualTo(3);
        assertClose(accumulated.stepping(), whole.stepping());
        assertClose(cut.stepping(), 20 * TRAINING.seconds(8, 20));
    }

    @Test
    void ofALargeModelNoMorePassesAreMadeThanItTakes() {
        var slow = new Planned(uniform(160), 160, 32);
        slow.slowness = 1e5;

        var told = rehearse(slow, Map.of("epochs", 1));

        assertThat(passes).isEqualTo(2 * 4); // trunk, steps, evaluation, test: one to warm up, one to time
        assertClose(told.stepping(), 1e5 * 10 * TRAINING.seconds(16, 20));
    }

    @Test
    void changesNoParameterAndLeavesNoGradient() {
        rehearse(new Planned(uniform(160), 0, 0), Map.of("weight-decay", 0.5));

        assertThat(Tensors.toFloats(weight)).containsExactly(2);
        assertThat(weight.grad().defined()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"head", "last-block", "all", "lora"})
    void aClassifierStaysAsItWas(String trained) {
        boolean lora = trained.equals("lora");
        Path model = TinyModels.write("gpt2", folder.resolve("model"));
        var recipe = Recipe.defaults().with(lora ? Map.of("method", "lora") : Map.of("unfreeze", trained));
        var texts = TinyTexts.split();
        var setup = new ClassifierFolder.TrainingSetup(
                texts.train().labels(),
                Unfreeze.parse(lora ? "head" : trained),
                null,
                null,
                Dtype.F32,
                false,
                true,
                42,
                Device.CPU);
        var opened = ClassifierFolder.open(
                model, setup, lora ? recipe.peft().loraConfig(TaskType.SEQ_CLS, model.toString(), null) : null);
        try (var classifier = opened.classifier();
                var encoder = opened.encoder();
                var objective = ClassificationObjective.planned(
                        classifier,
                        classifier.trainedParts(),
                        EncodedDataset.of(encoder, texts.train()),
                        EncodedDataset.of(encoder, texts.validation()),
                        recipe.training(),
                        recipe.speed())) {
            var before = weights(classifier.backbone().state(), classifier.trained());

            var told = Rehearsal.of(objective, recipe.training(), EncodedDataset.of(encoder, texts.test()));

            assertThat(weights(classifier.backbone().state(), classifier.trained()))
                    .usingRecursiveComparison()
                    .isEqualTo(before);
            assertThat(classifier.trained().values())
                    .noneMatch(parameter -> parameter.grad().defined());
            assertThat(told.preparation() > 0).isEqualTo(trained.equals("head") || trained.equals("last-block"));
            assertThat(told.stepping()).isPositive();
            assertThat(told.evaluation()).isPositive();
            assertThat(told.test()).isPositive();
        }
    }

    private static Map<String, float[]> weights(Map<String, Tensor> model, Map<String, Tensor> trained) {
        var weights = new TreeMap<String, float[]>();
        model.forEach((name, tensor) -> weights.put(name, Tensors.toFloats(tensor)));
        trained.forEach((name, tensor) -> weights.put(name, Tensors.toFloats(tensor)));
        return weights;
    }

    private Rehearsal rehearse(Planned objective, Map<String, ?> options) {
        var training = Recipe.defaults().with(options).training();
        var test = new EncodedDataset(List.of(), new int[0]);
        return Rehearsal.of(objective, training, test, () -> Math.round(clock * 1e9));
    }

    private static int[] uniform(int rows) {
        int[] lengths = new int[rows];
        Arrays.fill(lengths, 20);
        return lengths;
    }

    private static double cost(PassCost cost, int[] lengths, int[] batch) {
        int width = Arrays.stream(batch).map(i -> lengths[i]).max().orElseThrow();
        return cost.seconds(batch.length, width);
    }

    private static void assertClose(double told, double expected) {
        assertThat(told).isCloseTo(expected, within(1e-5 * expected));
    }

    /** Texts of the given lengths; of 20 tokens those of the trunk and the test, in batches of 16; 48 to validate. */
    private final class Planned implements PlannedObjective {
        private final int[] lengths;
        private final int frozen;
        private final int tested;
        private double slowness = 1;

        Planned(int[] lengths, int frozen, int tested) {
            this.lengths = lengths;
            this.frozen = frozen;
            this.tested = tested;
        }

        private void spend(double seconds) {
            clock += slowness * seconds;
            passes++;
        }

        private List<Pass> batches(PassCost cost, int texts) {
            var made = new ArrayList<Pass>();
            for (int i = 0; i < texts; i += 16) {
                int rows = Math.min(16, texts - i);
                made.add(new Pass(rows, 20, () -> spend(cost.seconds(rows, 20))));
            }
            return made;
        }

        @Override
        public Map<String, Tensor> parameters() {
            return Map.of("weight", weight);
        }

        @Override
        public int[] lengths() {
            return lengths.clone();
        }

        @Override
        public int units(int[] batch) {
            return batch.length;
        }

        @Override
        public BatchLoss loss(int[] batch) {
            spend(cost(TRAINING, lengths, batch));
            return new BatchLoss(weight.sum(), 0);
        }

        @Override
        public boolean hasValidation() {
            return true;
        }

        @Override
        public Scores evaluate(Subset subset, int batches) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Pass> preparation() {
            return batches(TRUNK, frozen);
        }

        @Override
        public Scoring scoring() {
            return new Scoring() {
                @Override
                public List<Pass> evaluation(Subset which, int batches) {
                    int all = which == Subset.TRAIN ? lengths.length : 48;
                    return batches(SCORING, batches == 0 ? all : Math.min(all, 16 * batches));
                }

                @Override
                public List<Pass> test(EncodedDataset texts) {
                    return batches(TESTING, tested);
                }
            };
        }
    }
}
