package dev.attune.recipe;

import dev.attune.checkpoint.BaseModel;
import dev.attune.classifier.EncodedDataset;
import dev.attune.classifier.LabelClassifierFolder;
import dev.attune.classifier.LabelTemplate;
import dev.attune.data.Dataset;
import dev.attune.data.Split;
import dev.attune.model.LoadReport;
import dev.attune.peft.TrainableParameters;
import dev.attune.torch.Device;
import dev.attune.training.LabelObjective;
import dev.attune.training.Trainer;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** A language model that learns to answer with the labels' words, by virtual tokens or low-rank updates. */
record LabelWordModel(LabelClassifierFolder.Opened opened, BaseModel base) implements OpenModel {

    static LabelWordModel open(Recipe recipe, Split split, Path folder, BaseModel base, Device device) {
        var labels = split.train().labels();
        var setup = new LabelClassifierFolder.TrainingSetup(
                labels,
                recipe.labels().templateOrUsual(),
                recipe.labels().words(labels),
                recipe.labels().endOfText(),
                recipe.model().maxLength(),
                recipe.labels().scoring(),
                recipe.model().frozenDtype(),
                recipe.training().seed(),
                device);
        var method = recipe.peft().method();
        var opened = LabelClassifierFolder.open(
                folder,
                setup,
                (model, tokenizer) -> method.virtualTokens()
                        ? recipe.prompt().config(method, base, model, tokenizer)
                        : recipe.peft()
                                .loraConfig(LabelClassifierFolder.task(model), base.nameOrPath(), base.revision()));
        return new LabelWordModel(opened, base);
    }

    @Override
    public LoadReport report() {
        return opened.report();
    }

    @Override
    public TrainableParameters parameters() {
        var scorer = opened.scorer();
        return TrainableParameters.beside(
                scorer.backbone().state().values(), scorer.trained().values());
    }

    @Override
    public MemoryEstimate memory(Recipe recipe, Split split, Path folder) {
        var scorer = opened.scorer();
        var template = scorer.template();
        int longest = template.encode(split.train().texts()).stream()
                .mapToInt(ids -> ids.length)
                .max()
                .orElse(0);
        int label = template.longestLabel();
        var training = recipe.training();
        long batch = (long) training.batchSize() * (longest + label);
        int virtual = scorer.virtual() == null ? 0 : scorer.virtual().count();
        var work = new MemoryEstimate.Work(
                scorer.backbone().depth(),
                scorer.adapter() != null,
                recipe.speed().gradientCheckpointing(),
                Math.min(batch, Math.max(training.maxTokens(), longest + label)) + virtual,
                recipe.speed().evalTokens(),
                (long) training.batchSize() * label,
                0);
        return MemoryEstimate.of(folder, scorer.backbone(), scorer.trained().values(), training.optimizer(), work);
    }

    @Override
    public Trainer.Outcome train(Recipe recipe, Split split, Path folder, RunListener listener, BooleanSupplier stop) {
        var template = opened.scorer().template();
        var objective = new LabelObjective(
                opened.scorer(),
                encoded(template, split.train()),
                encoded(template, split.validation()),
                recipe.training(),
                recipe.speed());
        return new Trainer(objective, recipe.training(), recipe.learningRate(), folder, listener, stop).run();
    }

    private static EncodedDataset encoded(LabelTemplate template, Dataset part) {
        int[] labels = part.size() == 0 ? new int[0] : part.labelIds();
        return new EncodedDataset(template.encode(part.texts()), labels);
    }

    @Override
    public void save(Path folder) {
        LabelClassifierFolder.save(folder, opened, base.spec());
    }

    @Override
    public void close() {
        opened.scorer().close();
    }
}
