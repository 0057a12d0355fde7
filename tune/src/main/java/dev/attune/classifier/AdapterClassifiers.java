package dev.attune.classifier;

import dev.attune.checkpoint.BaseModel;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.checkpoint.ModelFolders;
import dev.attune.data.LabelSet;
import dev.attune.files.InputException;
import dev.attune.model.Families;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.model.ModelConfig;
import dev.attune.model.Part;
import dev.attune.peft.AdapterFolder;
import dev.attune.peft.Lora;
import dev.attune.peft.LoraConfig;
import dev.attune.peft.TaskType;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Classifiers that are adapters of a base model: folders with peft's two files, the tokenizer's, and attune.json with what
 * those have no place for. Adapters that peft itself saved have the first alone.
 */
final class AdapterClassifiers {
    private AdapterClassifiers() {}

    /** A new adapter on a frozen backbone, attached. */
    static Lora create(Families.Loaded loaded, LoraConfig config, Reading reading, long seed) {
        var backbone = loaded.backbone();
        // A pooler that the base model lacks is new, and has to be trained and saved like a head, if it is read.
        boolean newPooler = reading == Reading.CLS
                && loaded.report().initialised().stream().anyMatch(name -> isPooler(backbone.part(name)));
        var lora = Lora.create(backbone, newPooler ? config.withSaved(List.of("pooler")) : config, seed);
        lora.attach();
        return lora;
    }

    private static boolean isPooler(Part part) {
        return part.kind() == Part.Kind.POOLER;
    }

    /** What {@link ModelFolders} finds the base model by that an adapter's folder names. */
    static String baseOf(Path folder, AdapterFolder adapter) {
        var settings = ClassifierSettings.read(folder);
        if (settings != null && settings.baseModel() != null) {
            return settings.baseModel();
        }
        String name = adapter.config().baseModelNameOrPath();
        if (name == null) {
            throw new InputException("The adapter in " + folder + " does not say which model it is for. Set"
                    + " base_model_name_or_path in its " + Checkpoint.ADAPTER_CONFIG + ".");
        }
        return BaseModel.of(name, adapter.config().revision()).spec();
    }

    private static Path baseFolder(Path folder, AdapterFolder adapter) {
        String base = baseOf(folder, adapter);
        try {
            return ModelFolders.fromEnvironment((source, done, total) -> {}).resolve(base);
        } catch (InputException e) {
            throw new InputException(
                    "The base model " + base + " of the adapter in " + folder + " cannot be had. " + e.getMessage(), e);
        }
    }

    static TextClassifier load(Path folder, @Nullable Dtype dtype, Device device) {
        try (var adapter = AdapterFolder.open(folder)) {
            if (!(adapter.config() instanceof LoraConfig config) || config.taskType() != TaskType.SEQ_CLS) {
                throw new InputException("The adapter in " + folder + " is no sequence classifier: its peft_type is "
                        + adapter.config().peftType() + ", its task_type "
                        + adapter.config().taskType() + ".");
            }
            var settings = ClassifierSettings.read(folder);
            Path base = baseFolder(folder, adapter);
            var modelConfig = ModelConfig.read(base);
            var reading = settings == null ? ClassifierFolder.usualReading(modelConfig) : settings.reading();
            var tokenizer = Tokenizer.load(Files.exists(folder.resolve("tokenizer.json")) ? folder : base);
            int maxLength = settings == null ? ClassifierFolder.longest(modelConfig, tokenizer) : settings.maxLength();
            var classifier = classifier(adapter, base, labels(adapter, settings, modelConfig), reading, dtype, device);
            return new TextClassifier(classifier, new TextEncoder(tokenizer, reading, maxLength));
        }
    }

    private static SequenceClassifier classifier(
            AdapterFolder adapter, Path base, LabelSet labels, Reading reading, @Nullable Dtype dtype, Device device) {
        boolean ownHead = Lora.labels(adapter).isPresent();
        var options = LoadOptions.frozen(new Head.Labels(labels.size(), ownHead))
                .withFrozen(dtype)
                .withDevice(device);
        var loaded = ClassifierFolder.load(base, ModelConfig.read(base), options);
        var backbone = loaded.backbone();
        try {
            for (String name : loaded.report().initialised()) {
                boolean read = reading == Reading.CLS || !isPooler(backbone.part(name));
                if (read && !Lora.replaces(adapter, name)) {
                    throw new InputException("Neither the adapter in " + adapter.folder() + " nor its base model "
                            + base + " has the tensor " + name + ", without which it classifies nothing.");
                }
            }
            var lora = Lora.load(backbone, adapter, false);
            lora.attach();
            return new SequenceClassifier(backbone, reading, labels, true, lora);
        } catch (RuntimeException e) {
            backbone.close();
            throw e;
        }
    }

    /** From attune.json; else the base model's, where it has as many; else LABEL_0 and so on, as transformers calls them. */
    private static LabelSet labels(AdapterFolder adapter, @Nullable ClassifierSettings settings, ModelConfig base) {
        int count = Lora.labels(adapter).orElse(base.numLabels());
        List<String> names = settings == null ? null : settings.labels();
        if (names != null && names.size() != count) {
            throw new InputException(
                    adapter.folder() + " names " + names.size() + " labels, but its head is for " + count + ".");
        }
        if (names == null) {
            names = base.numLabels() == count
                    ? base.labels()
                    : IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
        }
        return new LabelSet(names);
    }

    /** Writes the folder's files, the adapter's weights last. */
    static void save(Path folder, SequenceClassifier classifier, Lora lora, TextEncoder encoder, String baseModel) {
        encoder.tokenizer().saveTo(folder);
        new ClassifierSettings(
                        encoder.reading(),
                        encoder.maxLength(),
                        classifier.labels().names(),
                        baseModel)
                .write(folder);
        lora.save(folder);
    }

    /** Whether transformers' class of the family reads the same row. */
    static boolean readAlikeByTransformers(Path folder) {
        var settings = ClassifierSettings.read(folder);
        try (var adapter = AdapterFolder.open(folder)) {
            return settings == null
                    || settings.reading()
                            == ClassifierFolder.usualReading(ModelConfig.read(baseFolder(folder, adapter)));
        }
    }
}
