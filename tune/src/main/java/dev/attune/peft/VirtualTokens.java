package dev.attune.peft;

import dev.attune.model.Backbone;
import dev.attune.model.Past;
import dev.attune.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Trained vectors that stand before the tokens of every text. A pass meets them as keys and values that it comes after:
 * they are computed once for a whole batch, with a graph, and the cache of a generation begins with them.
 */
public sealed interface VirtualTokens extends AutoCloseable permits SoftPrompt, PromptEncoder, Prefix {
    /**
     * New ones, to be trained.
     *
     * @param tokenizer of the text that a prompt may begin with
     */
    static VirtualTokens create(Backbone backbone, Tokenizer tokenizer, PromptLearningConfig config, long seed) {
        int count = config.numVirtualTokens();
        if (config instanceof PromptTuningConfig prompt) {
            return switch (prompt.promptTuningInit()) {
                case TEXT ->
                    SoftPrompt.ofText(
                            backbone, tokenizer, Objects.requireNonNullElse(prompt.promptTuningInitText(), ""), count);
                case SAMPLE_VOCAB -> SoftPrompt.ofVocabulary(backbone, count, seed);
                case RANDOM -> SoftPrompt.random(backbone, count, seed);
            };
        }
        if (config instanceof PromptEncoderConfig encoder) {
            int hidden = Objects.requireNonNullElse(encoder.encoderHiddenSize(), config.tokenDim());
            return switch (encoder.encoderReparameterizationType()) {
                case MLP -> PromptEncoder.mlp(backbone, count, hidden, seed);
                case LSTM -> PromptEncoder.lstm(backbone, count, hidden, encoder.encoderNumLayers(), seed);
            };
        }
        var prefix = (PrefixTuningConfig) config;
        int hidden = Objects.requireNonNullElse(prefix.encoderHiddenSize(), config.tokenDim());
        return prefix.prefixProjection()
                ? Prefix.projected(backbone, count, hidden, seed)
                : Prefix.plain(backbone, count, seed);
    }

    /**
     * Saved ones, as they were left by training.
     *
     * @throws dev.attune.files.InputException naming the tensor that is missing, does not fit the backbone, or has no place in it
     */
    static VirtualTokens load(Backbone backbone, AdapterFolder folder) {
        if (!(folder.config() instanceof PromptLearningConfig config)) {
            throw new IllegalArgumentException(
                    folder.folder() + " is a " + folder.config().peftType() + " adapter");
        }
        var model = backbone.config();
        boolean prefix = config instanceof PrefixTuningConfig;
        long width = prefix ? 2L * model.depth() * Prefix.tokenDim(model) : model.hiddenSize();
        folder.requireNoOthers(List.of(SoftPrompt.NAME));
        Tensor saved = folder.tensor(SoftPrompt.NAME, config.numVirtualTokens(), width);
        return prefix ? Prefix.of(saved) : new SoftPrompt(saved);
    }

    /** P: how many. */
    int count();

    /**
     * The vectors that enter below the first block, in place of words, with a graph to the parameters: (P, C). Null where there
     * are none, only keys and values.
     */
    @Nullable Tensor embeddings();

    /** What is trained: fp32 leaves under peft's names. */
    Map<String, Tensor> parameters();

    /**
     * Keys and values of each block for P tokens, with a graph to the parameters.
     *
     * @return of batch 1, which all members of a batch share
     */
    Past past(Backbone backbone);

    /** What peft saves of them, which may be less than what is trained: the tensors of adapter_model.safetensors. */
    Map<String, Tensor> saved();

    @Override
    default void close() {
        parameters().values().forEach(Tensor::close);
    }
}
