package dev.attune.classifier;

import dev.attune.data.LabelSet;
import dev.attune.files.InputException;
import dev.attune.model.Backbone;
import dev.attune.model.Families;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.model.LoadReport;
import dev.attune.model.ModelConfig;
import dev.attune.model.Quantization;
import dev.attune.peft.AdapterConfig;
import dev.attune.peft.AdapterFolder;
import dev.attune.peft.Lora;
import dev.attune.peft.LoraConfig;
import dev.attune.peft.PromptLearningConfig;
import dev.attune.peft.TaskType;
import dev.attune.peft.VirtualTokens;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * Language models that answer with labels' words, as folders: peft's two files for the adapter, the tokenizer's, and attune.json
 * with the template and the words, for which peft has no place.
 */
public final class LabelClassifierFolder {
    private static final int USUAL_LENGTH = 512;

    private LabelClassifierFolder() {}

    /**
     * How a language model is opened to be trained; the model itself is frozen.
     *
     * @param words what is written for each label, in the labels' order
     * @param maxLength tokens of a text in its template with its label; null: what the model takes, at most 512
     * @param frozen dtype of the model
     */
    public record TrainingSetup(
            LabelSet labels,
            String template,
            List<String> words,
            boolean endOfText,
            @Nullable Integer maxLength,
            LabelScorer.Settings scoring,
            Dtype frozen,
            long seed,
            Device device) {}

    /** Says which adapter a model is to have, once it is known. */
    @FunctionalInterface
    public interface AdapterPlan {
        /** The adapter's configuration, with a task. */
        AdapterConfig config(ModelConfig model, Tokenizer tokenizer);
    }

    /**
     * A model that was opened to be trained.
     *
     * @param config of the adapter, as it is saved
     * @param report what the model's files have too much
     */
    public record Opened(LabelScorer scorer, AdapterConfig config, LoadReport report) {}

    /**
     * Opens a language model with a new adapter.
     *
     * @throws InputException where the model is none, or the template does not fit the labels or the length
     */
    public static Opened open(Path folder, TrainingSetup setup, AdapterPlan plan) {
        var model = ModelConfig.read(folder);
        requireLanguageModel(folder, model);
        var tokenizer = Tokenizer.load(folder);
        try {
            return open(folder, setup, model, tokenizer, plan.config(model, tokenizer));
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static Opened open(
            Path folder, TrainingSetup setup, ModelConfig model, Tokenizer tokenizer, AdapterConfig config) {
        int virtual = config instanceof PromptLearningConfig prompt ? prompt.numVirtualTokens() : 0;
        int longest = ClassifierFolder.longest(model, tokenizer) - virtual;
        int maxLength = setup.maxLength() == null ? Math.min(longest, USUAL_LENGTH) : setup.maxLength();
        if (maxLength > longest) {
            throw new InputException("max-length is " + maxLength + ", but the model in " + folder + " takes at most "
                    + longest + " tokens" + (virtual > 0 ? " beside the virtual ones." : "."));
        }
        var template = new LabelTemplate(
                tokenizer,
                new LabelTemplate.Settings(setup.template(), setup.words(), setup.endOfText(), maxLength),
                Families.encoderDecoder(model));
        var loaded = load(folder, setup.frozen(), Quantization.NONE, setup.device());
        var backbone = loaded.backbone();
        try {
            var adapter = config instanceof PromptLearningConfig prompt
                    ? new Attached(VirtualTokens.create(backbone, tokenizer, prompt, setup.seed()), null)
                    : Attached.of(Lora.create(backbone, (LoraConfig) config, setup.seed()));
            var scorer = new LabelScorer(
                    backbone, adapter.virtual(), adapter.lora(), template, setup.labels(), setup.scoring());
            return new Opened(
                    scorer, adapter.lora() == null ? config : adapter.lora().config(), loaded.report());
        } catch (RuntimeException e) {
            backbone.close();
            throw e;
        }
    }

    /** What peft calls the task of writing text with a model. */
    public static TaskType task(ModelConfig model) {
        return Families.encoderDecoder(model) ? TaskType.SEQ_2_SEQ_LM : TaskType.CAUSAL_LM;
    }

    /** One of the two. */
    private record Attached(
            @Nullable VirtualTokens virtual, @Nullable Lora lora) {
        static Attached of(Lora lora) {
            lora.attach();
            return new Attached(null, lora);
        }
    }

    private static Families.Loaded load(Path folder, @Nullable Dtype frozen, Quantization quantization, Device device) {
        var options = LoadOptions.frozen(new Head.LanguageModel())
                .withFrozen(frozen)
                .withQuantization(quantization)
                .withDevice(device);
        return ClassifierFolder.load(folder, ModelConfig.read(folder), options);
    }

    private static void requireLanguageModel(Path folder, ModelConfig model) {
        if (!Families.causal(model)) {
            throw new InputException("Models of type " + model.modelType() + " write no labels (" + folder
                    + "); those such as gpt2, llama and t5 do. Use --method lora or head without a template.");
        }
    }

    /**
     * Writes the folder's files, the adapter's weights last.
     *
     * @param baseModel what {@link dev.attune.checkpoint.ModelFolders} finds the model by that was tuned
     */
    public static void save(Path folder, Opened opened, String baseModel) {
        var scorer = opened.scorer();
        var template = scorer.template();
        template.tokenizer().saveTo(folder);
        ClassifierSettings.of(scorer, baseModel).write(folder);
        if (scorer.adapter() != null) {
            scorer.adapter().save(folder);
        } else if (scorer.virtual() != null) {
            AdapterFolder.write(folder, opened.config(), scorer.virtual().saved());
        }
    }

    /**
     * Loads an adapter of a language model.
     *
     * @param labels the names, in the order of the answer's words
     */
    static TextClassifier load(
            AdapterFolder adapter,
            ClassifierSettings.Answer answer,
            int maxLength,
            LabelSet labels,
            Path base,
            @Nullable Dtype dtype,
            Quantization quantization,
            Device device) {
        var settings = new LabelTemplate.Settings(answer.template(), answer.words(), answer.endOfText(), maxLength);
        boolean closed = Families.encoderDecoder(ModelConfig.read(base));
        var tokenizer = Tokenizer.load(adapter.folder());
        try {
            var template = new LabelTemplate(tokenizer, settings, closed);
            return load(
                    adapter,
                    answer.scoring(),
                    template,
                    labels,
                    load(base, dtype, quantization, device).backbone());
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** Of a model that has been loaded, which is closed where the adapter does not fit it. */
    private static TextClassifier load(
            AdapterFolder adapter,
            LabelScorer.Settings scoring,
            LabelTemplate template,
            LabelSet labels,
            Backbone backbone) {
        try (var owner = new PointerScope()) {
            var attached = adapter.config() instanceof PromptLearningConfig
                    ? new Attached(VirtualTokens.load(backbone, adapter), null)
                    : Attached.of(Lora.load(backbone, adapter, false));
            var scorer = new LabelScorer(backbone, attached.virtual(), attached.lora(), template, labels, scoring);
            var model = new TextModel.WithWords(scorer.ready(), owner);
            owner.extend();
            return new TextClassifier(model);
        } catch (RuntimeException e) {
            backbone.close();
            throw e;
        }
    }
}
