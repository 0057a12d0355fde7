package dev.attune.peft;

import dev.attune.model.Backbone;
import dev.attune.model.ModelConfig;
import dev.attune.model.Past;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Prefix tuning (Li and Liang 2021, "Prefix-Tuning: Optimizing Continuous Prompts for Generation"): keys and values of every
 * block are trained, as they are or through a network of two layers that is thrown away afterwards.
 *
 * @param parameters under peft's names: {@code embedding.weight} (P, 2 L G D) for L blocks of G key/value heads, or (P, G D)
 *     with the network {@code transform.0} and {@code transform.2} behind it
 */
public record Prefix(Map<String, Tensor> parameters) implements VirtualTokens {
    private static final String EMBEDDING = "embedding.weight";

    public Prefix {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** Keys and values that are there already. (P, 2 L G D) */
    static Prefix of(Tensor keysAndValues) {
        return new Prefix(Map.of(EMBEDDING, keysAndValues));
    }

    /** Keys and values to be trained as they are. */
    public static Prefix plain(Backbone backbone, int count, long seed) {
        var config = backbone.config();
        return of(new NewParameters(seed).normal(count, 2L * config.depth() * tokenDim(config)));
    }

    /** Keys and values to be made by a network of two layers. */
    public static Prefix projected(Backbone backbone, int count, int hiddenSize, long seed) {
        var config = backbone.config();
        int in = tokenDim(config);
        int out = 2 * config.depth() * in;
        var drawn = new NewParameters(seed);
        var parameters = new LinkedHashMap<String, Tensor>();
        parameters.put(EMBEDDING, drawn.normal(count, in));
        parameters.put("transform.0.weight", drawn.uniform(in, hiddenSize, in));
        parameters.put("transform.0.bias", drawn.uniform(in, hiddenSize));
        parameters.put("transform.2.weight", drawn.uniform(hiddenSize, out, hiddenSize));
        parameters.put("transform.2.bias", drawn.uniform(hiddenSize, out));
        return new Prefix(parameters);
    }

    /** G D: what peft calls token_dim of a prefix. */
    static int tokenDim(ModelConfig config) {
        return config.kvHeads() * config.headDim();
    }

    @Override
    public @Nullable Tensor embeddings() {
        return null;
    }

    @Override
    public int count() {
        return Math.toIntExact(parameter(EMBEDDING).size(0));
    }

    @Override
    public Past past(Backbone backbone) {
        var config = backbone.config();
        Tensor all = keysAndValues()
                .view(count(), 2L * config.depth(), config.kvHeads(), config.headDim())
                .permute(1, 2, 0, 3)
                .unsqueeze(1); // (P, 2 L, G, D) -> (2 L, 1, G, P, D)
        var blocks = new ArrayList<Past.KeyValues>();
        // Of an encoder-decoder, peft lays the whole twice one after the other and gives each block four: two for the
        // attention to itself, two for that to the text, which it then drops.
        int step = backbone.encoder().isPresent() ? 4 : 2;
        for (int i = 0; i < config.depth(); i++) {
            long row = (long) i * step % (2L * config.depth());
            blocks.add(new Past.KeyValues(all.select(0, row), all.select(0, row + 1)));
        }
        return Past.of(blocks);
    }

    /** (P, 2 L G D) */
    private Tensor keysAndValues() {
        Tensor x = parameter(EMBEDDING);
        if (!parameters.containsKey("transform.0.weight")) {
            return x;
        }
        Tensor inner = torch.tanh(torch.linear(x, parameter("transform.0.weight"), parameter("transform.0.bias")));
        return torch.linear(inner, parameter("transform.2.weight"), parameter("transform.2.bias"));
    }

    private Tensor parameter(String name) {
        Tensor parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalStateException("A prefix without " + name);
        }
        return parameter;
    }

    @Override
    public Map<String, Tensor> saved() {
        return Map.of(SoftPrompt.NAME, keysAndValues().detach());
    }
}
