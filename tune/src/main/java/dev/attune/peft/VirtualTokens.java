package dev.attune.peft;

import dev.attune.model.Backbone;
import dev.attune.model.Past;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Trained vectors that stand before the tokens of every text. A pass meets them as keys and values that it comes after:
 * they are computed once for a whole batch, with a graph, and the cache of a generation begins with them.
 */
public sealed interface VirtualTokens extends AutoCloseable permits SoftPrompt, PromptEncoder, Prefix {
    /** P: how many. */
    int count();

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
