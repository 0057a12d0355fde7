package dev.attune.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * Llama (Touvron et al. 2023, "LLaMA: Open and Efficient Foundation Language Models"; with grouped queries, Ainslie et
 * al. 2023), Mistral (Jiang et al. 2023), which adds a sliding window, and Qwen2 (Yang et al. 2024), whose queries, keys
 * and values have biases: causal, an RMS norm before each part of a block, rotary positions, a gated feed-forward part
 * (SwiGLU, Shazeer 2020).
 */
final class Llama extends Module implements Family {
    static final Kind KIND = new Kind("model", "layers", "norm", "score", false, true, false, Llama::new);

    private final Embedding embedTokens;
    private final List<Block> blocks = new ArrayList<>();
    private final RmsNorm norm;

    private Llama(ModelConfig config, Weights at, Dropouts dropouts) {
        embedTokens = register_module(
                "embed_tokens", new Embedding(at.at("embed_tokens"), config.vocabSize(), config.hiddenSize()));
        var rotary = RotaryScaling.of(config);
        var layers = register_module("layers", new Module());
        for (int i = 0; i < config.depth(); i++) {
            blocks.add(layers.register_module(
                    Integer.toString(i), new Block(i, config, rotary, at.at("layers." + i), dropouts)));
        }
        norm = register_module("norm", new RmsNorm(at.at("norm"), config.hiddenSize(), config.epsilon()));
    }

    @Override
    public Module module() {
        return this;
    }

    @Override
    public Tensor embed(Tensor words, Tensor positions) {
        return words; // positions enter in the blocks
    }

    @Override
    public Tensor block(int i, Tensor x, Attention attention) {
        return blocks.get(i).forward(x, attention);
    }

    @Override
    public Tensor norm(Tensor x) {
        return norm.forward(x);
    }

    @Override
    public Tensor pool(Tensor row) {
        return row;
    }

    @Override
    public Embedding words() {
        return embedTokens;
    }

    /** How many tokens a token sees in a block, itself included. */
    private static int window(ModelConfig config, int block) {
        boolean windowed = switch (config.modelType()) {
            case "mistral" -> true;
            case "qwen2" -> config.field("use_sliding_window").asBoolean(false) && slides(config, block);
            default -> false;
        };
        if (!windowed) {
            return Attention.NO_WINDOW;
        }
        // The default of both is for a field that is absent; null is no limit.
        return config.raw().has("sliding_window")
                ? config.field("sliding_window").asInt(Attention.NO_WINDOW)
                : 4096;
    }

    /** Whether a block of Qwen2 has a window: as the file lists it, in older files from max_window_layers on. */
    private static boolean slides(ModelConfig config, int block) {
        JsonNode types = config.field("layer_types");
        return types.isMissingNode()
                ? block >= config.field("max_window_layers").asInt(28)
                : types.path(block).asText().equals("sliding_attention");
    }

    private static final class Block extends Module {
        private final RmsNorm inputNorm;
        private final SelfAttention attn;
        private final RmsNorm postNorm;
        private final Mlp mlp;

        Block(int index, ModelConfig config, Rotary rotary, Weights at, Dropouts dropouts) {
            int c = config.hiddenSize();
            inputNorm = register_module("input_layernorm", new RmsNorm(at.at("input_layernorm"), c, config.epsilon()));
            attn = register_module("self_attn", new SelfAttention(index, config, rotary, at.at("self_attn"), dropouts));
            postNorm = register_module(
                    "post_attention_layernorm", new RmsNorm(at.at("post_attention_layernorm"), c, config.epsilon()));
            mlp = register_module("mlp", new Mlp(config, at.at("mlp")));
        }

        /** (B, T, C) -> (B, R, C) */
        Tensor forward(Tensor x, Attention attention) {
            Tensor y = attention.read(x).add(attn.forward(inputNorm.forward(x), attention)); // (B, T, C) -> (B, R, C)
            return y.add(mlp.forward(postNorm.forward(y))); // (B, R, C)
        }
    }

    /** H query heads share G key/value heads. */
    private static final class SelfAttention extends Module {
        private final Part part;
        private final ModelConfig config;
        private final Rotary rotary;
        private final Dropouts dropouts;
        private final int window;
        private final Linear qProj;
        private final Linear kProj;
        private final Linear vProj;
        private final Linear oProj;

        SelfAttention(int index, ModelConfig config, Rotary rotary, Weights at, Dropouts dropouts) {
            part = Part.block(index);
            this.config = config;
            this.rotary = rotary;
            this.dropouts = dropouts;
            window = window(config, index);
            int c = config.hiddenSize();
            int q = config.heads() * config.headDim();
            int kv = config.kvHeads() * config.headDim();
            boolean bias = config.field("attention_bias").asBoolean(false);
            boolean inner = bias || config.modelType().equals("qwen2");
            qProj = register_module("q_proj", new Linear(at.at("q_proj"), q, c, inner));
            kProj = register_module("k_proj", new Linear(at.at("k_proj"), kv, c, inner));
            vProj = register_module("v_proj", new Linear(at.at("v_proj"), kv, c, inner));
            oProj = register_module("o_proj", new Linear(at.at("o_proj"), c, q, bias));
        }

        /** (B, T, C) -> (B, R, C) */
        Tensor forward(Tensor x, Attention attention) {
            Tensor q = heads(qProj.forward(attention.read(x))); // (B, T, C) -> (B, R, H, D)
            Tensor k = heads(kProj.forward(x)); // (B, T, C) -> (B, T, G, D)
            Tensor v = heads(vProj.forward(x)); // (B, T, C) -> (B, T, G, D)
            q = attention.rotateQueries(rotary, q).transpose(1, 2); // (B, R, H, D) -> (B, H, R, D)
            k = attention.rotateKeys(rotary, k).transpose(1, 2); // (B, T, G, D) -> (B, G, T, D)
            v = v.transpose(1, 2); // (B, T, G, D) -> (B, G, T, D)
            double rate = dropouts.rate(part, config.attentionDropout());
            Tensor y = attention.causal(part.block(), q, k, v, window, rate); // (B, H, R, D)
            return oProj.forward(y.transpose(1, 2).flatten(2, 3)); // (B, H, R, D) -> (B, R, H D) -> (B, R, C)
        }

        private Tensor heads(Tensor x) {
            return x.unflatten(2, -1, config.headDim()); // (B, T, H D) -> (B, T, H, D)
        }
    }

    private static final class Mlp extends Module {
        private final Linear gateProj;
        private final Linear upProj;
        private final Linear downProj;
        private final Activation activation;

        Mlp(ModelConfig config, Weights at) {
            int c = config.hiddenSize();
            int inner = config.innerSize();
            boolean bias = config.field("mlp_bias").asBoolean(false);
            gateProj = register_module("gate_proj", new Linear(at.at("gate_proj"), inner, c, bias));
            upProj = register_module("up_proj", new Linear(at.at("up_proj"), inner, c, bias));
            downProj = register_module("down_proj", new Linear(at.at("down_proj"), c, inner, bias));
            activation = Activation.of(config);
        }

        /** (B, R, C) -> (B, R, C), through the inner width */
        Tensor forward(Tensor x) {
            return downProj.forward(gateProj.forward(x, activation).mul(upProj.forward(x)));
        }
    }
}
