package dev.attune.classifier;

import dev.attune.data.LabelSet;
import dev.attune.files.Download;
import dev.attune.files.InputException;
import dev.attune.model.Families;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.model.ModelConfig;
import dev.attune.model.Part;
import dev.attune.model.Quantization;
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
    private static final Download.Progress QUIETLY = (source, done, total) -> {};

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

    static TextClassifier load(Path folder, @Nullable Dtype dtype, Quantization quantization, Device device) {
        try (var adapter = AdapterFolder.open(folder)) {
            Path base = adapter.baseFolder(QUIETLY);
            var settings = ClassifierSettings.read(folder);
            if (settings != null && settings.answer() != null && settings.labels() != null) {
                var labels = new LabelSet(settings.labels());
                return LabelClassifierFolder.load(
                        adapter,
                        settings.answer(),
                        settings.maxLength(),
                        labels,
                        base,
                        settings.loaded(dtype, device),
                        quantization,
                        device);
            }
            return load(adapter, base, settings == null ? usual(adapter, base) : settings, dtype, quantization, device);
        }
    }

    /** What is known of an adapter without attune.json. */
    static ClassifierSettings usual(AdapterFolder adapter, Path base) {
        var config = ModelConfig.read(base);
        try (var tokenizer = tokenizer(adapter, base)) {
            return new ClassifierSettings(
                    ClassifierFolder.usualReading(config),
                    ClassifierFolder.longest(config, tokenizer),
                    labels(adapter, config),
                    null);
        }
    }

    /** The base model's, where it has as many; else LABEL_0 and so on, as transformers calls them. */
    private static List<String> labels(AdapterFolder adapter, ModelConfig base) {
        int count = Lora.labels(adapter).orElse(base.numLabels());
        return base.numLabels() == count
                ? base.labels()
                : IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
    }

    static Tokenizer tokenizer(AdapterFolder adapter, Path base) {
        return Tokenizer.load(Files.exists(adapter.folder().resolve("tokenizer.json")) ? adapter.folder() : base);
    }

    static TextClassifier load(
            AdapterFolder adapter,
            Path base,
            ClassifierSettings settings,
            @Nullable Dtype dtype,
            Quantization quantization,
            Device device) {
        var tokenizer = tokenizer(adapter, base);
        try {
            var classifier = classifier(adapter, base, settings, dtype, quantization, device);
            return new TextClassifier(classifier, new TextEncoder(tokenizer, settings.reading(), settings.maxLength()));
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** With the adapter attached. */
    static SequenceClassifier classifier(
            AdapterFolder adapter,
            Path base,
            ClassifierSettings settings,
            @Nullable Dtype dtype,
            Quantization quantization,
            Device device) {
        requireClassifier(adapter);
        var config = ModelConfig.read(base);
        int count = Lora.labels(adapter).orElse(config.numLabels());
        List<String> names = settings.labels() == null ? labels(adapter, config) : settings.labels();
        if (names.size() != count) {
            throw new InputException("The head of the adapter in " + adapter.folder() + " is for " + count
                    + " labels, not " + names.size() + ".");
        }
        boolean ownHead = Lora.labels(adapter).isPresent();
        var options = LoadOptions.frozen(new Head.Labels(count, ownHead))
                .withFrozen(settings.loaded(dtype, device))
                .withQuantization(quantization)
                .withDevice(device);
        var loaded = ClassifierFolder.load(base, config, options);
        var backbone = loaded.backbone();
        try {
            for (String name : loaded.report().initialised()) {
                boolean read = settings.reading() == Reading.CLS || !isPooler(backbone.part(name));
                if (read && !Lora.replaces(adapter, name)) {
                    throw new InputException("Neither the adapter in " + adapter.folder() + " nor its base model "
                            + base + " has the tensor " + name + ", without which it classifies nothing.");
                }
            }
            var lora = Lora.load(backbone, adapter, false);
            lora.attach();
            return new SequenceClassifier(backbone, settings.reading(), new LabelSet(names), true, lora);
        } catch (RuntimeException e) {
            backbone.close();
            throw e;
        }
    }

    static void requireClassifier(AdapterFolder adapter) {
        if (!(adapter.config() instanceof LoraConfig config) || config.taskType() != TaskType.SEQ_CLS) {
            throw new InputException(
                    "The adapter in " + adapter.folder() + " is no sequence classifier: its peft_type is "
                            + adapter.config().peftType() + ", its task_type "
                            + adapter.config().taskType() + ".");
        }
    }

    /** Writes the folder's files, the adapter's weights last. */
    static void save(Path folder, SequenceClassifier classifier, Lora lora, TextEncoder encoder, String baseModel) {
        encoder.tokenizer().saveTo(folder);
        new ClassifierSettings(
                        encoder.reading(),
                        encoder.maxLength(),
                        classifier.labels().names(),
                        baseModel)
                .withDtype(classifier.backbone().frozenDtype())
                .write(folder);
        lora.save(folder);
    }

    /** Whether transformers' class of the family reads the same row. */
    static boolean readAlikeByTransformers(Path folder) {
        var settings = ClassifierSettings.read(folder);
        try (var adapter = AdapterFolder.open(folder)) {
            return settings == null
                    || settings.reading()
                            == ClassifierFolder.usualReading(ModelConfig.read(adapter.baseFolder(QUIETLY)));
        }
    }
}
