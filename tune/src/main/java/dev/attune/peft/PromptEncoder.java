package dev.attune.peft;

import dev.attune.model.Backbone;
import dev.attune.model.Past;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * P-tuning (Liu et al. 2021, "GPT Understands, Too"): a small network makes the vectors of a soft prompt, and is thrown away
 * when they are trained.
 *
 * @param lstmLayers layers of a bidirectional LSTM before the feed-forward part; 0 for none
 * @param parameters under peft's names: {@code embedding.weight} (P, C), {@code lstm_head.…}, {@code mlp_head.…}
 */
public record PromptEncoder(int lstmLayers, Map<String, Tensor> parameters) implements VirtualTokens {
    private static final String EMBEDDING = "embedding.weight";

    public PromptEncoder {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** A feed-forward network of three layers. */
    public static PromptEncoder mlp(Backbone backbone, int count, int hiddenSize, long seed) {
        int c = backbone.config().hiddenSize();
        var drawn = new NewParameters(seed);
        var parameters = new LinkedHashMap<String, Tensor>();
        parameters.put(EMBEDDING, drawn.normal(count, c));
        linear(parameters, drawn, "mlp_head.0", c, hiddenSize);
        linear(parameters, drawn, "mlp_head.2", hiddenSize, hiddenSize);
        linear(parameters, drawn, "mlp_head.4", hiddenSize, c);
        return new PromptEncoder(0, parameters);
    }

    /** A bidirectional LSTM and a feed-forward network of two layers. */
    public static PromptEncoder lstm(Backbone backbone, int count, int hiddenSize, int layers, long seed) {
        int c = backbone.config().hiddenSize();
        var drawn = new NewParameters(seed);
        var parameters = new LinkedHashMap<String, Tensor>();
        parameters.put(EMBEDDING, drawn.normal(count, c));
        for (int layer = 0; layer < layers; layer++) {
            int in = layer == 0 ? c : 2 * hiddenSize;
            for (String direction : List.of("", "_reverse")) {
                String end = "_l" + layer + direction;
                int gates = 4 * hiddenSize;
                parameters.put("lstm_head.weight_ih" + end, drawn.uniform(hiddenSize, gates, in));
                parameters.put("lstm_head.weight_hh" + end, drawn.uniform(hiddenSize, gates, hiddenSize));
                parameters.put("lstm_head.bias_ih" + end, drawn.uniform(hiddenSize, gates));
                parameters.put("lstm_head.bias_hh" + end, drawn.uniform(hiddenSize, gates));
            }
        }
        linear(parameters, drawn, "mlp_head.0", 2 * hiddenSize, 2 * hiddenSize);
        linear(parameters, drawn, "mlp_head.2", 2 * hiddenSize, c);
        return new PromptEncoder(layers, parameters);
    }

    private static void linear(Map<String, Tensor> parameters, NewParameters drawn, String name, int in, int out) {
        parameters.put(name + ".weight", drawn.uniform(in, out, in));
        parameters.put(name + ".bias", drawn.uniform(in, out));
    }

    @Override
    public int count() {
        return Math.toIntExact(parameter(EMBEDDING).size(0));
    }

    @Override
    public Past past(Backbone backbone) {
        return SoftPrompt.past(backbone, embeddings());
    }

    /** What the network makes: (P, C). */
    @Override
    public Tensor embeddings() {
        Tensor x = parameter(EMBEDDING);
        if (lstmLayers > 0) {
            x = recurrent(x); // (P, C) -> (P, 2 hidden)
        }
        for (int layer = 0;
                parameters.containsKey("mlp_head." + layer + ".weight");
                layer += 2) { // between them, ReLUs
            String name = "mlp_head." + layer;
            x = torch.linear(layer == 0 ? x : torch.relu(x), parameter(name + ".weight"), parameter(name + ".bias"));
        }
        return x;
    }

    private Tensor recurrent(Tensor x) {
        var weights = new TensorVector(parameters.entrySet().stream()
                .filter(parameter -> parameter.getKey().startsWith("lstm_head."))
                .map(Map.Entry::getValue)
                .toArray(Tensor[]::new));
        long hidden = parameter("lstm_head.weight_hh_l0").size(1);
        Tensor start = torch.zeros(2L * lstmLayers, 1, hidden); // (layers directions, batch, hidden)
        return torch.lstm(
                        x.unsqueeze(0), new TensorVector(start, start), weights, true, lstmLayers, 0, false, true, true)
                .get0()
                .squeeze(0);
    }

    private Tensor parameter(String name) {
        Tensor parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalStateException("A prompt encoder without " + name);
        }
        return parameter;
    }

    @Override
    public Map<String, Tensor> saved() {
        return Map.of(SoftPrompt.NAME, embeddings().detach());
    }
}
