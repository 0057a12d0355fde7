package dev.attune.recipe;

import dev.attune.checkpoint.BaseModel;
import dev.attune.classifier.ClassifierFolder;
import dev.attune.classifier.EncodedDataset;
import dev.attune.classifier.Reading;
import dev.attune.classifier.SequenceClassifier;
import dev.attune.classifier.TextEncoder;
import dev.attune.data.Dataset;
import dev.attune.data.Split;
import dev.attune.files.InputException;
import dev.attune.model.LoadReport;
import dev.attune.model.Part;
import dev.attune.peft.LoraConfig;
import dev.attune.peft.TaskType;
import dev.attune.peft.TrainableParameters;
import dev.attune.torch.Device;
import dev.attune.training.ClassificationObjective;
import dev.attune.training.ContrastiveObjective;
import dev.attune.training.Objective;
import dev.attune.training.PlannedObjective;
import dev.attune.training.Trainer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A model with a classification head: parts of its own are trained, or low-rank updates with the head. */
record HeadModel(
        SequenceClassifier classifier,
        TextEncoder encoder,
        LoadReport report,
        BaseModel base,
        EncodedDataset train,
        EncodedDataset validation)
        implements OpenModel {

    static HeadModel open(Recipe recipe, Split split, Path folder, BaseModel base, Device device) {
        if (recipe.speed().gradientCheckpointing()) {
            throw new InputException("gradient-checkpointing is there for labels as words (--template) only.");
        }
        var opened = ClassifierFolder.open(folder, setup(recipe, split, device), adapter(recipe, base));
        var encoder = sized(opened.encoder(), recipe, split);
        return new HeadModel(
                opened.classifier(),
                encoder,
                opened.report(),
                base,
                EncodedDataset.of(encoder, split.train()),
                EncodedDataset.of(encoder, split.validation()));
    }

    private static @Nullable LoraConfig adapter(Recipe recipe, BaseModel base) {
        return recipe.peft().method() == PeftOptions.Method.LORA
                ? recipe.peft().loraConfig(TaskType.SEQ_CLS, base.nameOrPath(), base.revision())
                : null;
    }

    private static ClassifierFolder.TrainingSetup setup(Recipe recipe, Split split, Device device) {
        var model = recipe.model();
        return new ClassifierFolder.TrainingSetup(
                split.train().labels(),
                recipe.unfreeze(),
                recipe.reading(),
                model.maxLength(),
                model.frozenDtype(),
                model.autocast(),
                recipe.speed().lastRowOnly(),
                recipe.training().seed(),
                device);
    }

    /** The book's reading pads to the longest training text where no length was asked for. */
    private static TextEncoder sized(TextEncoder encoder, Recipe recipe, Split split) {
        if (encoder.reading() != Reading.LAST_PADDED || recipe.model().maxLength() != null) {
            return encoder;
        }
        int longest = encoder.tokenizer().encodeAll(split.train().texts(), encoder.maxLength()).stream()
                .mapToInt(ids -> ids.length)
                .max()
                .orElse(1);
        return new TextEncoder(encoder.tokenizer(), encoder.reading(), longest);
    }

    @Override
    public TrainableParameters parameters() {
        var model = classifier.backbone().state().values();
        var trained = classifier.trained().values();
        return classifier.adapter() == null
                ? TrainableParameters.within(model, trained)
                : TrainableParameters.beside(model, trained);
    }

    @Override
    public MemoryEstimate memory(Recipe recipe, Path folder) {
        var backbone = classifier.backbone();
        var parts = classifier.trainedParts();
        var training = recipe.training();
        var speed = recipe.speed();
        boolean all = parts.test(Part.of(Part.Kind.EMBEDDINGS));
        int trainedBlocks = (int) IntStream.range(0, backbone.depth())
                .filter(i -> all || parts.test(Part.block(i)))
                .count();
        int[] lengths = train.lengths();
        int longest = IntStream.of(lengths).max().orElse(0);
        long pairs = recipe.peft().method() == PeftOptions.Method.CONTRASTIVE ? 2 : 1;
        long batch = Math.min(pairs * training.batchSize() * longest, Math.max((long) training.maxTokens(), longest));
        boolean cached = speed.trunkCache() && !speed.frozenDropout() && trainedBlocks < backbone.depth();
        boolean rowsOnly = trainedBlocks == 0 && !parts.test(Part.of(Part.Kind.NORM));
        long rows = rowsOnly
                ? lengths.length + validation.size()
                : IntStream.concat(IntStream.of(lengths), IntStream.of(validation.lengths()))
                        .asLongStream()
                        .sum();
        long cache =
                rows * backbone.config().hiddenSize() * backbone.frozenDtype().bytes();
        var work = new MemoryEstimate.Work(
                trainedBlocks,
                true,
                false,
                batch,
                speed.evalTokens(),
                0,
                cached ? Math.min(cache, (long) speed.trunkCacheMemory() << 20) : 0);
        var adapter = classifier.adapter();
        return MemoryEstimate.of(
                folder,
                backbone,
                adapter == null ? List.of() : classifier.trained().values(),
                training.optimizer(),
                work);
    }

    @Override
    public PlannedObjective planned(Recipe recipe) {
        var parts = classifier.trainedParts();
        return recipe.peft().method() == PeftOptions.Method.CONTRASTIVE
                ? ContrastiveObjective.planned(
                        classifier, parts, train, validation, recipe.contrastive(), recipe.training(), recipe.speed())
                : ClassificationObjective.planned(
                        classifier, parts, train, validation, recipe.training(), recipe.speed());
    }

    @Override
    public EncodedDataset encoded(Dataset part) {
        return EncodedDataset.of(encoder, part);
    }

    @Override
    public Trainer.Outcome train(Recipe recipe, Path folder, RunListener listener, BooleanSupplier stop) {
        try (var objective = objective(recipe, folder, listener)) {
            return new Trainer(objective, recipe.training(), recipe.learningRate(), folder, listener, stop).run();
        }
    }

    private Objective objective(Recipe recipe, Path folder, RunListener listener) {
        var parts = classifier.trainedParts();
        if (recipe.peft().method() == PeftOptions.Method.CONTRASTIVE) {
            return new ContrastiveObjective(
                    classifier,
                    parts,
                    train,
                    validation,
                    recipe.contrastive(),
                    recipe.training(),
                    recipe.speed(),
                    folder,
                    listener);
        }
        return new ClassificationObjective(
                classifier, parts, train, validation, recipe.training(), recipe.speed(), folder, listener);
    }

    @Override
    public void save(Path folder) {
        ClassifierFolder.save(folder, classifier, encoder, base.spec());
    }

    @Override
    public void close() {
        encoder.close();
        classifier.close();
    }
}
