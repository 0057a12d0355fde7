package dev.attune.training;

import dev.attune.TinyTexts;
import dev.attune.classifier.ClassifierFolder;
import dev.attune.classifier.EncodedDataset;
import dev.attune.classifier.Unfreeze;
import dev.attune.data.Split;
import dev.attune.peft.TaskType;
import dev.attune.recipe.PeftOptions;
import dev.attune.recipe.Recipe;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** What the loop made of a tiny classifier, before any of it is saved. */
record Trained(
        Trainer.Outcome outcome, List<MetricsRow> metrics, Map<String, float[]> weights, Map<String, float[]> before) {

    /** Trains on {@link TinyTexts}; options as a recipe names them. */
    static Trained of(Path model, Path out, Map<String, ?> options) {
        return of(model, out, options, TinyTexts.split(), TrainingListener.NONE, () -> false);
    }

    static Trained of(
            Path model,
            Path out,
            Map<String, ?> options,
            Split texts,
            TrainingListener listener,
            BooleanSupplier stop) {
        var recipe = Recipe.defaults().with(options);
        Unfreeze unfreeze = Objects.requireNonNullElse(recipe.model().unfreeze(), Unfreeze.LAST_BLOCK);
        var setup = new ClassifierFolder.TrainingSetup(
                texts.train().labels(),
                unfreeze,
                recipe.model().reading(),
                recipe.model().maxLength(),
                Dtype.F32,
                recipe.model().autocast(),
                recipe.speed().lastRowOnly(),
                recipe.training().seed(),
                Device.CPU);
        boolean lora = recipe.peft().method() == PeftOptions.Method.LORA;
        var opened = ClassifierFolder.open(
                model, setup, lora ? recipe.peft().loraConfig(TaskType.SEQ_CLS, model.toString(), null) : null);
        try (var classifier = opened.classifier();
                var encoder = opened.encoder();
                var objective = new ClassificationObjective(
                        classifier,
                        classifier.trainedParts(),
                        EncodedDataset.of(encoder, texts.train()),
                        EncodedDataset.of(encoder, texts.validation()),
                        recipe.training(),
                        recipe.speed(),
                        out,
                        listener)) {
            Double rate = recipe.training().learningRate();
            var before = weights(opened);
            var trainer = new Trainer(objective, recipe.training(), rate == null ? 0.01 : rate, out, listener, stop);
            var outcome = trainer.run();
            return new Trained(outcome, MetricsLog.read(out.resolve("metrics.jsonl")), weights(opened), before);
        }
    }

    private static Map<String, float[]> weights(ClassifierFolder.Opened opened) {
        var weights = new TreeMap<String, float[]>();
        opened.classifier().backbone().state().forEach((name, tensor) -> weights.put(name, Tensors.toFloats(tensor)));
        opened.classifier().trained().forEach((name, tensor) -> weights.put(name, Tensors.toFloats(tensor)));
        return weights;
    }
}
