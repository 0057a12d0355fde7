package dev.attune.classifier;

import dev.attune.checkpoint.BaseModel;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.checkpoint.ModelFolders;
import dev.attune.files.AtomicFile;
import dev.attune.files.Download;
import dev.attune.files.InputException;
import dev.attune.model.Quantization;
import dev.attune.peft.AdapterFolder;
import dev.attune.peft.LoraConfig;
import dev.attune.peft.MergedModel;
import dev.attune.peft.TaskType;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Moves adapters between run folders, peft and plain Hugging Face models. Each method writes a new folder. */
public final class AdapterTransfer {
    private AdapterTransfer() {}

    /**
     * Merges a LoRA adapter into its base model: a classifier or a language model that needs neither peft nor the base.
     *
     * @param base another name or folder of the base model; null: as the adapter says
     * @param dtype of the weights; null: as the base model's are
     * @param progress told of downloads
     */
    public static void merge(
            Path adapterFolder, @Nullable String base, @Nullable Dtype dtype, Path out, Download.Progress progress) {
        requireNew(out);
        try (var adapter = AdapterFolder.open(adapterFolder)) {
            if (!(adapter.config() instanceof LoraConfig config)) {
                throw new InputException("The adapter in " + adapterFolder + " is of the type "
                        + adapter.config().peftType() + ", which no weights can be merged with; LORA can.");
            }
            Path baseFolder = baseFolder(adapter, base, progress);
            if (config.taskType() == TaskType.CAUSAL_LM || config.taskType() == TaskType.SEQ_2_SEQ_LM) {
                MergedModel.write(adapter, baseFolder, dtype, out);
                return;
            }
            var settings = settings(adapter, baseFolder);
            try (var classifier = AdapterClassifiers.classifier(
                            adapter, baseFolder, settings, dtype, Quantization.NONE, Device.CPU);
                    var encoder = new TextEncoder(
                            AdapterClassifiers.tokenizer(adapter, baseFolder),
                            settings.reading(),
                            settings.maxLength())) {
                if (classifier.adapter() != null) {
                    classifier.adapter().merge();
                }
                var merged = new SequenceClassifier(
                        classifier.backbone(), classifier.reading(), classifier.labels(), classifier.lastRowOnly());
                ClassifierFolder.save(out, merged, encoder);
            }
        }
    }

    /**
     * Takes an adapter out of a run: a folder for peft and the hub, without pictures, logs and paths of this machine.
     *
     * @param base what peft is to find the base model by: owner/name[@revision], or a folder; null: as it is
     */
    public static void export(Path run, @Nullable String base, Path out) {
        requireNew(out);
        try (var adapter = AdapterFolder.open(run)) {
            var config = adapter.config();
            var model = base == null ? null : BaseModel.of(base);
            if (model == null) {
                config.write(out);
            } else {
                config.write(out, model);
            }
            var settings = ClassifierSettings.read(run);
            if (settings != null) {
                boolean folder = settings.baseModel() != null
                        && Path.of(settings.baseModel()).isAbsolute();
                settings.withBase(model != null || folder ? null : settings.baseModel())
                        .write(out);
            }
            if (Files.exists(run.resolve("tokenizer.json"))) {
                try (var tokenizer = Tokenizer.load(run)) {
                    tokenizer.saveTo(out);
                }
            }
            if (Files.isRegularFile(run.resolve("README.md"))) {
                AtomicFile.writeString(
                        out.resolve("README.md"), card(run.resolve("README.md"), config.baseModelNameOrPath(), model));
            }
            copy(run, Checkpoint.ADAPTER_WEIGHTS, out);
        }
    }

    /**
     * Makes a folder that {@link TextClassifier#load} takes of a peft adapter for sequence classification, once it is sure that
     * adapter and base model fit.
     *
     * @param base the base model's name or folder here; null: as the adapter says
     * @param labels in the order of the head's rows; null: those of the base model, or LABEL_0 and so on
     * @param reading null: the family's
     * @param maxLength null: what model and tokenizer take
     */
    public static void importTo(
            Path adapterFolder,
            @Nullable String base,
            @Nullable List<String> labels,
            @Nullable Reading reading,
            @Nullable Integer maxLength,
            Path out,
            Download.Progress progress) {
        requireNew(out);
        try (var adapter = AdapterFolder.open(adapterFolder)) {
            AdapterClassifiers.requireClassifier(adapter);
            Path baseFolder = baseFolder(adapter, base, progress);
            var usual = settings(adapter, baseFolder);
            var settings = new ClassifierSettings(
                    reading == null ? usual.reading() : reading,
                    maxLength == null ? usual.maxLength() : maxLength,
                    labels == null ? usual.labels() : labels,
                    BaseModel.of(base == null ? adapter.base() : base).spec());
            AdapterClassifiers.load(adapter, baseFolder, settings, null, Quantization.NONE, Device.CPU)
                    .close();
            settings.write(out);
            copy(adapterFolder, Checkpoint.ADAPTER_CONFIG, out);
            try (var tokenizer = AdapterClassifiers.tokenizer(adapter, baseFolder)) {
                tokenizer.saveTo(out);
            }
            copy(adapterFolder, Checkpoint.ADAPTER_WEIGHTS, out);
        }
    }

    private static ClassifierSettings settings(AdapterFolder adapter, Path base) {
        var own = ClassifierSettings.read(adapter.folder());
        return own == null ? AdapterClassifiers.usual(adapter, base) : own;
    }

    private static Path baseFolder(AdapterFolder adapter, @Nullable String base, Download.Progress progress) {
        return base == null
                ? adapter.baseFolder(progress)
                : ModelFolders.fromEnvironment(progress).resolve(base);
    }

    private static void requireNew(Path out) {
        try {
            if (Files.isRegularFile(out) || (Files.isDirectory(out) && !isEmpty(out))) {
                throw new InputException(out + " is there already. Choose another --out.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static void copy(Path from, String name, Path to) {
        AtomicFile.copy(from.resolve(name), to.resolve(name));
    }

    /** The model card without what stays in the run: pictures and curves, and files that it speaks of. */
    private static String card(Path file, @Nullable String baseBefore, @Nullable BaseModel base) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String kept = text.split("\n## Training\n", 2)[0]
                .lines()
                .filter(line -> !line.startsWith("![") && !line.startsWith("`recipe.yaml`"))
                .collect(Collectors.joining("\n"));
        return (base == null || baseBefore == null ? kept : kept.replace(baseBefore, base.nameOrPath())).strip() + "\n";
    }
}
