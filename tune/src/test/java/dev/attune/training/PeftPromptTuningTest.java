package dev.attune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.ProvidedFolders;
import dev.attune.PythonScript;
import dev.attune.classifier.EncodedDataset;
import dev.attune.classifier.LabelClassifierFolder;
import dev.attune.classifier.LabelScorer;
import dev.attune.classifier.LabelScoring;
import dev.attune.data.Dataset;
import dev.attune.peft.PromptTuningConfig;
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
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompt tuning of SmolLM2 on twitter_complaints takes the very steps that peft takes. */
@Tag("interop")
class PeftPromptTuningTest {
    private static final int STEPS = 20;

    /**
     * So many steps are compared without interference. At this learning rate steps amplify rounding: within 20 of them, peft with
     * eager attention came to differ by 6e-3 from peft with sdpa, from 1e-5 at the second. Each later step starts from the same prompt.
     */
    private static final int ALONE = 10;

    private static final double RATE = 3e-2;
    private static final String INIT = "Classify if the tweet is a complaint or not:";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    /** A text with its label behind it: so many of its last tokens are scored. */
    private record Row(List<Integer> ids, int scored) {}

    /** A step as peft took it, and how far its prompt was from ours before it. */
    private record Taken(double loss, double difference) {}

    @Test
    void hasPeftsLossAtEachStep() throws Exception {
        Path model = ProvidedFolders.model("smollm2-135m-instruct");
        var tweets = Dataset.catalog("twitter-complaints");
        var options = Recipe.defaults()
                .with(Map.of(
                        "batch-size",
                        8,
                        "max-steps",
                        STEPS,
                        "lr-scheduler",
                        "linear",
                        "max-grad-norm",
                        0,
                        "epochs",
                        50));
        var losses = new ArrayList<Double>();
        var steps = new ArrayList<Map<String, Object>>();
        var opened = LabelClassifierFolder.open(
                model,
                setup(tweets),
                (config, tokenizer) -> new PromptTuningConfig(
                        TaskType.CAUSAL_LM,
                        model.toString(),
                        null,
                        8,
                        config.hiddenSize(),
                        1,
                        config.heads(),
                        config.depth(),
                        PromptTuningConfig.Init.TEXT,
                        INIT,
                        model.toString(),
                        null));
        try (var scorer = opened.scorer()) {
            var template = scorer.template();
            var train = new EncodedDataset(template.encode(tweets.texts()), tweets.labelIds());
            var none = new EncodedDataset(List.of(), new int[0]);
            var prompt = Objects.requireNonNull(scorer.trained().get("prompt_embeddings"));
            var objective = new Recorded(
                    new LabelObjective(scorer, train, none, options.training(), options.speed()), batch -> {
                        var rows = Arrays.stream(batch)
                                .mapToObj(
                                        i -> row(train.ids(i), template.labels().get(train.label(i))))
                                .toList();
                        steps.add(Map.of("prompt", Tensors.toFloatRows(prompt.detach()), "rows", rows));
                    });
            var listener = new TrainingListener() {
                @Override
                public void stepped(long step, long totalSteps, double loss) {
                    losses.add(loss);
                }
            };
            new Trainer(objective, options.training(), RATE, folder.resolve("run"), listener, () -> false).run();
        }
        assertThat(losses).hasSize(STEPS);
        Path ours = folder.resolve("steps.json");
        JSON.writeValue(
                ours.toFile(),
                Map.of("model", model.toString(), "init", INIT, "rate", RATE, "alone", ALONE, "steps", steps));
        Path peft = folder.resolve("losses.json");

        PythonScript.run("prompt_tuning.py", folder, List.of(ours.toString(), peft.toString()));

        var ofPeft = JSON.readValue(peft.toFile(), Taken[].class);
        assertThat(losses.get(STEPS - 1)).isLessThan(losses.get(0) / 2);
        for (int step = 0; step < STEPS; step++) {
            assertThat(losses.get(step)).as("loss of step %d", step + 1).isCloseTo(ofPeft[step].loss(), within(1e-3));
            assertThat(ofPeft[step].difference())
                    .as("prompt before step %d", step + 1)
                    .isLessThan(1e-3);
        }
    }

    private static LabelClassifierFolder.TrainingSetup setup(Dataset tweets) {
        return new LabelClassifierFolder.TrainingSetup(
                tweets.labels(),
                "Tweet text : {text} Label : ",
                tweets.labels().names(),
                true,
                64,
                new LabelScorer.Settings(LabelScoring.SUM, false, false),
                Dtype.F32,
                1,
                Device.CPU);
    }

    private static Row row(int[] text, int[] label) {
        return new Row(
                IntStream.concat(Arrays.stream(text), Arrays.stream(label))
                        .boxed()
                        .toList(),
                label.length);
    }

    /** Notes which examples each step is computed from. */
    private record Recorded(Objective of, Consumer<int[]> batches) implements Objective {
        @Override
        public Map<String, Tensor> parameters() {
            return of.parameters();
        }

        @Override
        public int[] lengths() {
            return of.lengths();
        }

        @Override
        public int units(int[] batch) {
            return of.units(batch);
        }

        @Override
        public BatchLoss loss(int[] batch) {
            batches.accept(batch);
            return of.loss(batch);
        }

        @Override
        public Scores evaluate(Subset subset, int count) {
            return of.evaluate(subset, count);
        }

        @Override
        public boolean hasValidation() {
            return of.hasValidation();
        }
    }
}
