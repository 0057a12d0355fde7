package dev.attune.peft;

import dev.attune.files.InputException;
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
        int count = rows(config);
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
        requireBoth(backbone, config);
        boolean prefix = config instanceof PrefixTuningConfig;
        long width = prefix ? 2L * model.depth() * Prefix.tokenDim(model) : model.hiddenSize();
        folder.requireNoOthers(List.of(SoftPrompt.NAME));
        Tensor saved = folder.tensor(SoftPrompt.NAME, rows(config), width);
        return prefix ? Prefix.of(saved) : new SoftPrompt(saved);
    }

    /** How many vectors there are: of an encoder-decoder's prompt, those that peft keeps for the decoder included. */
    private static int rows(PromptLearningConfig config) {
        boolean both = config.taskType() == TaskType.SEQ_2_SEQ_LM && !(config instanceof PrefixTuningConfig);
        return config.numVirtualTokens() * (both ? 2 : 1);
    }

    private static void requireBoth(Backbone backbone, PromptLearningConfig config) {
        boolean encodes = backbone.encoder().isPresent();
        if (encodes != (config.taskType() == TaskType.SEQ_2_SEQ_LM)) {
            throw new InputException("The adapter's task_type is " + config.taskType() + ", which does not fit a "
                    + backbone.config().modelType() + " model.");
        }
        Integer submodules = config.numTransformerSubmodules();
        if (encodes && submodules != null && submodules != 2) {
            throw new InputException("The adapter's num_transformer_submodules is " + submodules
                    + "; for an encoder and a decoder 2 is supported.");
        }
    }

    /** P: how many. */
    int count();

    /**
     * What takes the place of word vectors before a text, with a graph to the parameters: (P, C); null where keys and values are
     * trained themselves. In front of an encoder the first half of them stands, as in peft, which does not use the other.
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

    /**
     * The keys and values that every text comes after; null where there are none, because an encoder reads the virtual tokens with
     * each text.
     */
    default @Nullable Past start(Backbone backbone) {
        return backbone.encoder().isPresent() && embeddings() != null ? null : past(backbone);
    }

    /** What peft saves of them, which may be less than what is trained: the tensors of adapter_model.safetensors. */
    Map<String, Tensor> saved();

    @Override
    default void close() {
        parameters().values().forEach(Tensor::close);
    }
}
