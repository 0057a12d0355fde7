package dev.attune.recipe;

import dev.attune.checkpoint.BaseModel;
import dev.attune.classifier.LabelClassifierFolder;
import dev.attune.files.InputException;
import dev.attune.model.ModelConfig;
import dev.attune.peft.PrefixTuningConfig;
import dev.attune.peft.PromptEncoderConfig;
import dev.attune.peft.PromptLearningConfig;
import dev.attune.peft.PromptTuningConfig;
import dev.attune.peft.TaskType;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.training.Description;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Virtual tokens before the text, for the methods prompt, prefix and p-tuning; under the names that peft gives their options. */
public record PromptOptions(
        @Description("how many (default: as many as the initial text has, else 8)") @Nullable Integer numVirtualTokens,

        @Description(
                "prompt: begin with a text, sample-vocab or random (default: the text where there is one, else sample-vocab)")
        PromptTuningConfig.@Nullable Init promptTuningInit,

        @Description("prompt: the text to begin with, repeated or cut to so many tokens") @Nullable String promptTuningInitText,

        @Description("p-tuning: network that makes the embeddings, mlp or lstm")
        PromptEncoderConfig.Network encoderReparameterizationType,

        @Description("width of the network (default: the embeddings' own)") @Nullable Integer encoderHiddenSize,

        @Description("p-tuning: layers of an lstm") int encoderNumLayers,

        @Description("prefix: train a network that makes the keys and values")
        boolean prefixProjection) {
    private static final int USUAL_COUNT = 8;
    private static final PromptOptions DEFAULTS =
            new PromptOptions(null, null, null, PromptEncoderConfig.Network.MLP, null, 2, false);

    public PromptOptions {
        if (numVirtualTokens != null && numVirtualTokens < 1) {
            throw new InputException("num-virtual-tokens is " + numVirtualTokens + "; it has to be at least 1.");
        }
        if (encoderHiddenSize != null && encoderHiddenSize < 1) {
            throw new InputException("encoder-hidden-size is " + encoderHiddenSize + "; it has to be at least 1.");
        }
        if (encoderNumLayers < 1) {
            throw new InputException("encoder-num-layers is " + encoderNumLayers + "; it has to be at least 1.");
        }
        if (promptTuningInit == PromptTuningConfig.Init.TEXT && promptTuningInitText == null) {
            throw new InputException("prompt-tuning-init is text, but there is none; give --prompt-tuning-init-text.");
        }
    }

    public static PromptOptions defaults() {
        return DEFAULTS;
    }

    /** The adapter that these options describe, sized for a model as peft does it. */
    PromptLearningConfig config(PeftOptions.Method method, BaseModel base, ModelConfig model, Tokenizer tokenizer) {
        var init = init();
        String text = init == PromptTuningConfig.Init.TEXT ? promptTuningInitText : null;
        int usual = method == PeftOptions.Method.PROMPT && text != null
                ? tokenizer.encode(text, Integer.MAX_VALUE).length
                : USUAL_COUNT;
        int count = Objects.requireNonNullElse(numVirtualTokens, Math.max(1, usual));
        TaskType task = LabelClassifierFolder.task(model);
        int submodules = task == TaskType.SEQ_2_SEQ_LM ? 2 : 1;
        return switch (method) {
            case PROMPT ->
                new PromptTuningConfig(
                        task,
                        base.nameOrPath(),
                        base.revision(),
                        count,
                        model.hiddenSize(),
                        submodules,
                        model.heads(),
                        model.depth(),
                        init,
                        text,
                        text == null ? null : base.nameOrPath(),
                        null);
            case P_TUNING ->
                new PromptEncoderConfig(
                        task,
                        base.nameOrPath(),
                        base.revision(),
                        count,
                        model.hiddenSize(),
                        submodules,
                        model.heads(),
                        model.depth(),
                        encoderReparameterizationType,
                        Objects.requireNonNullElse(encoderHiddenSize, model.hiddenSize()),
                        encoderNumLayers,
                        0);
            case PREFIX -> {
                int width = model.kvHeads() * model.headDim();
                yield new PrefixTuningConfig(
                        task,
                        base.nameOrPath(),
                        base.revision(),
                        count,
                        width,
                        submodules,
                        model.kvHeads(),
                        model.depth(),
                        Objects.requireNonNullElse(encoderHiddenSize, width),
                        prefixProjection);
            }
            case HEAD, LORA, CONTRASTIVE -> throw new IllegalArgumentException(method + " has no virtual tokens");
        };
    }

    private PromptTuningConfig.Init init() {
        if (promptTuningInit != null) {
            return promptTuningInit;
        }
        return promptTuningInitText == null ? PromptTuningConfig.Init.SAMPLE_VOCAB : PromptTuningConfig.Init.TEXT;
    }
}
