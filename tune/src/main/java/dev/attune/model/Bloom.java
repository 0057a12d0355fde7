package dev.attune.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * BLOOM (BigScience 2022, "BLOOM: A 176B-Parameter Open-Access Multilingual Language Model"): causal, a norm behind the
 * embeddings and before each part of a block, positions as biases on the attention scores ({@link Alibi}), queries, keys
 * and values of each head side by side from one layer, output projection tied to the word embeddings.
 */
final class Bloom extends Module implements Family {
    static final Kind KIND = new Kind("transformer", "h", "ln_f", "score", false, true, true, Bloom::new);

    private final Embedding wordEmbeddings;
    private final LayerNorm embeddingsNorm;
    private final List<Block> blocks = new ArrayList<>();
    private final LayerNorm lnF;

    private Bloom(ModelConfig config, Weights at, Dropouts dropouts) {
        if (config.field("pretraining_tp").asInt(1) > 1) {
            config.require("slow_but_exact", false); // where it is on, transformers leaves biases out
        }
        int c = config.hiddenSize();
        wordEmbeddings =
                register_module("word_embeddings", new Embedding(at.at("word_embeddings"), config.vocabSize(), c));
        embeddingsNorm = register_module(
                "word_embeddings_layernorm", new LayerNorm(at.at("word_embeddings_layernorm"), c, config.epsilon()));
        var alibi = new Alibi(config.heads());
        var h = register_module("h", new Module());
        for (int i = 0; i < config.depth(); i++) {
            blocks.add(h.register_module(Integer.toString(i), new Block(i, config, alibi, at.at("h." + i), dropouts)));
        }
        lnF = register_module("ln_f", new LayerNorm(at.at("ln_f"), c, config.epsilon()));
    }

    @Override
    public Module module() {
        return this;
    }

    @Override
    public Tensor embed(Tensor words, Tensor positions) {
        return embeddingsNorm.forward(words); // (B, T, C); positions enter in the blocks
    }

    @Override
    public Tensor block(int i, Tensor x, Attention attention) {
        return blocks.get(i).forward(x, attention);
    }

    @Override
    public Tensor norm(Tensor x) {
        return lnF.forward(x);
    }

    @Override
    public Tensor pool(Tensor row) {
        return row;
    }

    @Override
    public Embedding words() {
        return wordEmbeddings;
    }

    private static final class Block extends Module {
        private final Part part;
        private final Dropouts dropouts;
        private final double rate;
        private final boolean addsNormed;
        private final LayerNorm inputNorm;
        private final SelfAttention attn;
        private final LayerNorm postNorm;
        private final Mlp mlp;

        Block(int index, ModelConfig config, Alibi alibi, Weights at, Dropouts dropouts) {
            part = Part.block(index);
            this.dropouts = dropouts;
            rate = config.hiddenDropout();
            addsNormed =
                    config.field("apply_residual_connection_post_layernorm").asBoolean(false);
            int c = config.hiddenSize();
            inputNorm =
                    register_module("input_layernorm", new LayerNorm(at.at("input_layernorm"), c, config.epsilon()));
            attn = register_module(
                    "self_attention", new SelfAttention(part, config, alibi, at.at("self_attention"), dropouts));
            postNorm = register_module(
                    "post_attention_layernorm", new LayerNorm(at.at("post_attention_layernorm"), c, config.epsilon()));
            mlp = register_module("mlp", new Mlp(config, at.at("mlp")));
        }

        /** (B, T, C) -> (B, R, C) */
        Tensor forward(Tensor x, Attention attention) {
            Tensor normed = inputNorm.forward(x);
            Tensor attended = attn.forward(normed, attention); // (B, T, C) -> (B, R, C)
            Tensor y = attention.read(addsNormed ? normed : x).add(dropouts.apply(part, rate, attended)); // (B, R, C)
            normed = postNorm.forward(y);
            return (addsNormed ? normed : y).add(dropouts.apply(part, rate, mlp.forward(normed))); // (B, R, C)
        }
    }

    private static final class SelfAttention extends Module {
        private final Part part;
        private final ModelConfig config;
        private final Alibi alibi;
        private final Dropouts dropouts;
        private final Linear queryKeyValue;
        private final Linear dense;

        SelfAttention(Part part, ModelConfig config, Alibi alibi, Weights at, Dropouts dropouts) {
            this.part = part;
            this.config = config;
            this.alibi = alibi;
            this.dropouts = dropouts;
            int c = config.hiddenSize();
            queryKeyValue = register_module("query_key_value", new Linear(at.at("query_key_value"), 3L * c, c, true));
            dense = register_module("dense", new Linear(at.at("dense"), c, c, true));
        }

        /** (B, T, C) -> (B, R, C) */
        Tensor forward(Tensor x, Attention attention) {
            // A head's queries lie between other heads' keys and values: all three are made for every row.
            Tensor qkv = queryKeyValue.forward(x); // (B, T, C) -> (B, T, H 3 D)
            Tensor q = heads(attention.read(qkv), 0); // (B, T, H 3 D) -> (B, H, R, D)
            Tensor k = heads(qkv, 1); // (B, T, H 3 D) -> (B, H, T, D)
            Tensor v = heads(qkv, 2); // (B, T, H 3 D) -> (B, H, T, D)
            double rate = dropouts.rate(part, config.attentionDropout());
            Tensor y = attention.causal(part.block(), q, k, v, alibi, rate); // (B, H, R, D)
            return dense.forward(y.transpose(1, 2).flatten(2, 3)); // (B, H, R, D) -> (B, R, C)
        }

        /** Each head's queries (0), keys (1) or values (2). (B, T, H 3 D) -> (B, H, T, D) */
        private Tensor heads(Tensor qkv, int which) {
            return qkv.unflatten(2, config.heads(), 3, config.headDim())
                    .select(3, which) // (B, T, H, 3, D) -> (B, T, H, D)
                    .transpose(1, 2);
        }
    }

    private static final class Mlp extends Module {
        private final Linear dense4h;
        private final Linear denseH;
        private final Activation activation;

        Mlp(ModelConfig config, Weights at) {
            int c = config.hiddenSize();
            dense4h = register_module("dense_h_to_4h", new Linear(at.at("dense_h_to_4h"), 4L * c, c, true));
            denseH = register_module("dense_4h_to_h", new Linear(at.at("dense_4h_to_h"), c, 4L * c, true));
            activation = Activation.of(config);
        }

        /** (B, R, C) -> (B, R, C), through the inner width */
        Tensor forward(Tensor x) {
            return denseH.forward(dense4h.forward(x, activation));
        }
    }
}
