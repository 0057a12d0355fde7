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
import dev.attune.training.PlannedObjective;
import dev.attune.training.Trainer;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** A language model that learns to answer with the labels' words, by virtual tokens or low-rank updates. */
record LabelWordModel(
        LabelClassifierFolder.Opened opened, BaseModel base, EncodedDataset train, EncodedDataset validation)
        implements OpenModel {

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
        var template = opened.scorer().template();
        return new LabelWordModel(
                opened, base, encoded(template, split.train()), encoded(template, split.validation()));
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
    public MemoryEstimate memory(Recipe recipe, Path folder) {
        var scorer = opened.scorer();
        int longest = IntStream.of(train.lengths()).max().orElse(0);
        int label = scorer.template().longestLabel();
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
    public PlannedObjective planned(Recipe recipe) {
        return new LabelObjective(opened.scorer(), train, validation, recipe.training(), recipe.speed());
    }

    @Override
    public EncodedDataset encoded(Dataset part) {
        return encoded(opened.scorer().template(), part);
    }

    @Override
    public Trainer.Outcome train(Recipe recipe, Path folder, RunListener listener, BooleanSupplier stop) {
        return new Trainer(planned(recipe), recipe.training(), recipe.learningRate(), folder, listener, stop).run();
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
