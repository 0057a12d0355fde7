package dev.attune.classifier;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
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
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A classifier as a Hugging Face folder: config.json, model.safetensors and the tokenizer's files as the family's
 * *ForSequenceClassification class saves and loads them, and attune.json with what those have no place for.
 */
public final class ClassifierFolder {
    private static final String OWN_FILE = "attune.json";
    private static final int USUAL_LENGTH = 512;
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ClassifierFolder() {}

    /** What Hugging Face's files have no place for. */
    record Own(Reading reading, @JsonProperty("max_length") int maxLength) {
        Own {
            Objects.requireNonNull(reading, "reading is missing");
            if (maxLength < 1) {
                throw new IllegalArgumentException("max_length is " + maxLength);
            }
        }
    }

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
     */
    public record TrainingSetup(
            LabelSet labels,
            Unfreeze unfreeze,
            @Nullable Reading reading,
            @Nullable Integer maxLength,
            Dtype frozen,
            boolean lastRowOnly,
            long seed,
            Device device) {}

    /**
     * Opens a pretrained model, or a classifier, with a head for these labels. A head in the file is kept where it has the same
     * labels and is replaced by a new one otherwise.
     */
    public static Opened open(Path folder, TrainingSetup setup) {
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
                new Head.Labels(setup.labels().size(), replaceHead),
                setup.unfreeze().parts(config.depth()),
                setup.seed(),
                setup.device());
        var loaded = load(folder, config, options);
        return new Opened(
                new SequenceClassifier(loaded.backbone(), reading, setup.labels(), setup.lastRowOnly()),
                new TextEncoder(tokenizer, reading, maxLength),
                loaded.report());
    }

    static TextClassifier load(Path folder, @Nullable Dtype dtype, Device device) {
        var config = ModelConfig.read(folder);
        var own = own(folder);
        var reading = own == null ? usualReading(config) : own.reading();
        var tokenizer = Tokenizer.load(folder);
        int maxLength = own == null ? longest(config, tokenizer) : own.maxLength();
        var labels = new LabelSet(config.labels());
        var options = LoadOptions.frozen(new Head.Labels(labels.size(), false))
                .withFrozen(dtype)
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
    private static Families.Loaded load(Path folder, ModelConfig config, LoadOptions options) {
        try (var checkpoint = Checkpoint.open(folder)) {
            return Families.load(checkpoint, config, options);
        }
    }

    /** Writes the folder's files, weights last: a folder with weights is complete. */
    public static void save(Path folder, SequenceClassifier classifier, TextEncoder encoder) {
        encoder.tokenizer().saveTo(folder);
        writeJson(folder.resolve("config.json"), config(classifier, encoder));
        writeJson(folder.resolve(OWN_FILE), JSON.valueToTree(new Own(encoder.reading(), encoder.maxLength())));
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

    private static @Nullable Own own(Path folder) {
        Path file = folder.resolve(OWN_FILE);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return JSON.readValue(file.toFile(), Own.class);
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file + " is not what Attune writes: "
                            + e.getOriginalMessage().lines().findFirst().orElse("") + ".",
                    e);
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether transformers' class of the family reads the same row as the classifier in this folder. */
    public static boolean readAlikeByTransformers(Path folder) {
        var own = own(folder);
        return own == null || own.reading() == usualReading(ModelConfig.read(folder));
    }

    private static Reading usualReading(ModelConfig config) {
        return Families.causal(config) ? Reading.LAST : Reading.CLS;
    }

    private static int longest(ModelConfig config, Tokenizer tokenizer) {
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
