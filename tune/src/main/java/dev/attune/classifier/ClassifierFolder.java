package dev.attune.classifier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.checkpoint.CheckpointWriter;
import dev.attune.data.LabelSet;
import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import dev.attune.model.Families;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.model.LoadReport;
import dev.attune.model.ModelConfig;
import dev.attune.model.Quantization;
import dev.attune.peft.AdapterFolder;
import dev.attune.peft.LoraConfig;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A classifier as a Hugging Face folder: config.json, model.safetensors and the tokenizer's files as the family's
 * *ForSequenceClassification class saves and loads them, and attune.json with what those have no place for.
 */
public final class ClassifierFolder {
    private static final int USUAL_LENGTH = 512;
    private static final JsonMapper JSON = new JsonMapper();

    private ClassifierFolder() {}

    /**
     * A model that was opened to be trained.
     *
     * @param report which weights are new, which tensors of the file were left out
     */
    public record Opened(SequenceClassifier classifier, TextEncoder encoder, LoadReport report) {}

    /**
     * How a pretrained model is opened to be trained.
     *
     * @param reading null: the family's, the last token for causal ones, the first for BERT
     * @param maxLength null: what model and tokenizer take, at most 512
     * @param frozen dtype of what is not trained
     * @param autocast whether what is trained is multiplied in bf16 too; see {@link LoadOptions}
     */
    public record TrainingSetup(
            LabelSet labels,
            Unfreeze unfreeze,
            @Nullable Reading reading,
            @Nullable Integer maxLength,
            Dtype frozen,
            boolean autocast,
            boolean lastRowOnly,
            long seed,
            Device device) {}

    /**
     * Opens a pretrained model, or a classifier, with a head for these labels. A head in the file is kept where it has the same
     * labels and is replaced by a new one otherwise.
     */
    public static Opened open(Path folder, TrainingSetup setup) {
        return open(folder, setup, null);
    }

    /**
     * Opens a model as {@link #open(Path, TrainingSetup)} does, for a new adapter to be trained on.
     *
     * @param adapter null: parts of the model are trained, as {@code setup} says; else the model is frozen
     */
    public static Opened open(Path folder, TrainingSetup setup, @Nullable LoraConfig adapter) {
        if (AdapterFolder.isAdapter(folder)) {
            throw new InputException(folder + " is an adapter, which is no model to tune. Merge it into its base model"
                    + " first: attune adapter merge " + folder + " --out FOLDER");
        }
        var config = ModelConfig.read(folder);
        var reading = setup.reading() == null ? usualReading(config) : setup.reading();
        var tokenizer = Tokenizer.load(folder);
        int longest = longest(config, tokenizer);
        int maxLength = setup.maxLength() == null ? Math.min(longest, USUAL_LENGTH) : setup.maxLength();
        if (maxLength > longest) {
            throw new InputException("max-length is " + maxLength + ", but the model in " + folder + " takes at most "
                    + longest + " tokens.");
        }
        boolean replaceHead = !config.labels().equals(setup.labels().names());
        var options = new LoadOptions(
                setup.frozen(),
                Quantization.NONE,
                setup.autocast(),
                new Head.Labels(setup.labels().size(), replaceHead),
                adapter == null ? setup.unfreeze().parts(config.depth()) : part -> false,
                setup.seed(),
                setup.device());
        var loaded = load(folder, config, options);
        var lora = adapter == null ? null : AdapterClassifiers.create(loaded, adapter, reading, setup.seed());
        return new Opened(
                new SequenceClassifier(loaded.backbone(), reading, setup.labels(), setup.lastRowOnly(), lora),
                new TextEncoder(tokenizer, reading, maxLength),
                loaded.report());
    }

    static TextClassifier load(Path folder, @Nullable Dtype dtype, Quantization quantization, Device device) {
        if (AdapterFolder.isAdapter(folder)) {
            return AdapterClassifiers.load(folder, dtype, quantization, device);
        }
        var config = ModelConfig.read(folder);
        var own = ClassifierSettings.read(folder);
        var reading = own == null ? usualReading(config) : own.reading();
        var tokenizer = Tokenizer.load(folder);
        int maxLength = own == null ? longest(config, tokenizer) : own.maxLength();
        var labels = new LabelSet(config.labels());
        var options = LoadOptions.frozen(new Head.Labels(labels.size(), false))
                .withFrozen(dtype)
                .withQuantization(quantization)
                .withDevice(device);
        var loaded = load(folder, config, options);
        if (!loaded.report().initialised().isEmpty()) {
            loaded.backbone().close();
            throw new InputException(folder + " holds no tuned classifier: its weights lack "
                    + String.join(", ", loaded.report().initialised()) + ". Tune it first: attune train --model "
                    + folder
                    + " --data FILE");
        }
        return new TextClassifier(
                new SequenceClassifier(loaded.backbone(), reading, labels, true),
                new TextEncoder(tokenizer, reading, maxLength));
    }

    /** The tensors that are used as they are in the file keep it mapped; where all are converted, it is let go. */
    static Families.Loaded load(Path folder, ModelConfig config, LoadOptions options) {
        try (var checkpoint = Checkpoint.open(folder)) {
            return Families.load(checkpoint, config, options);
        }
    }

    /** Writes the files of a classifier without an adapter, weights last: a folder with weights is complete. */
    public static void save(Path folder, SequenceClassifier classifier, TextEncoder encoder) {
        save(folder, classifier, encoder, "");
    }

    /**
     * Writes the folder's files, weights last.
     *
     * @param baseModel what {@link dev.attune.checkpoint.ModelFolders} finds the model by that was tuned; an adapter's folder
     *     names it
     */
    public static void save(Path folder, SequenceClassifier classifier, TextEncoder encoder, String baseModel) {
        if (classifier.adapter() != null) {
            AdapterClassifiers.save(folder, classifier, classifier.adapter(), encoder, baseModel);
            return;
        }
        encoder.tokenizer().saveTo(folder);
        writeJson(folder.resolve("config.json"), config(classifier, encoder));
        new ClassifierSettings(encoder.reading(), encoder.maxLength(), null, null).write(folder);
        CheckpointWriter.write(folder, classifier.backbone().state());
    }

    private static ObjectNode config(SequenceClassifier classifier, TextEncoder encoder) {
        var base = classifier.backbone().config();
        ObjectNode config = base.raw().deepCopy();
        config.remove(List.of("_name_or_path", "torch_dtype", "num_labels"));
        config.putArray("architectures").add(Families.classificationClass(base));
        config.put("dtype", "float32");
        config.put("problem_type", "single_label_classification");
        var id2label = config.putObject("id2label");
        var label2id = config.putObject("label2id");
        for (int i = 0; i < classifier.labels().size(); i++) {
            id2label.put(Integer.toString(i), classifier.labels().name(i));
            label2id.put(classifier.labels().name(i), i);
        }
        if (!config.hasNonNull("pad_token_id")) {
            config.put(
                    "pad_token_id", TextEncoder.padId(encoder.tokenizer())); // Hugging Face's causal classes need one
        }
        return config;
    }

    /** Whether transformers' class of the family reads the same row as the classifier in this folder. */
    public static boolean readAlikeByTransformers(Path folder) {
        if (AdapterFolder.isAdapter(folder)) {
            return AdapterClassifiers.readAlikeByTransformers(folder);
        }
        var own = ClassifierSettings.read(folder);
        return own == null || own.reading() == usualReading(ModelConfig.read(folder));
    }

    static Reading usualReading(ModelConfig config) {
        return Families.causal(config) ? Reading.LAST : Reading.CLS;
    }

    static int longest(ModelConfig config, Tokenizer tokenizer) {
        return Math.min(config.maxPositions(), tokenizer.modelMaxLength().orElse(config.maxPositions()));
    }

    private static void writeJson(Path file, ObjectNode json) {
        try {
            AtomicFile.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
