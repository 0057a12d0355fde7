package dev.attune.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * GPT-2 (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"): causal, a norm before each part of
 * a block, learned positions, queries, keys and values from one layer, output projection tied to the word embeddings.
 */
final class Gpt2 extends Module implements Family {
    static final Kind KIND = new Kind("transformer", "h", "ln_f", "score", false, true, true, Gpt2::new);

    private static final Part EMBEDDINGS = Part.of(Part.Kind.EMBEDDINGS);

    private final ModelConfig config;
    private final Dropouts dropouts;
    private final Embedding wte;
    private final Embedding wpe;
    private final List<Block> blocks = new ArrayList<>();
    private final LayerNorm lnF;

    private Gpt2(ModelConfig config, Weights at, Dropouts dropouts) {
        config.require("scale_attn_weights", true);
        config.require("scale_attn_by_inverse_layer_idx", false);
        config.require("reorder_and_upcast_attn", false);
        config.require("add_cross_attention", false);
        this.config = config;
        this.dropouts = dropouts;
        int c = config.hiddenSize();
        wte = register_module("wte", new Embedding(at.at("wte"), config.vocabSize(), c));
        wpe = register_module("wpe", new Embedding(at.at("wpe"), config.maxPositions(), c));
        var h = register_module("h", new Module());
        for (int i = 0; i < config.depth(); i++) {
            blocks.add(h.register_module(Integer.toString(i), new Block(i, config, at.at("h." + i), dropouts)));
        }
        lnF = register_module("ln_f", new LayerNorm(at.at("ln_f"), c, config.epsilon()));
    }

    @Override
    public Module module() {
        return this;
    }

    @Override
    public Tensor embed(Tensor words, Tensor positions) {
        Tensor x = words.add(wpe.forward(positions)); // (B, T, C)
        return dropouts.apply(EMBEDDINGS, config.embeddingDropout(), x);
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
        return wte;
    }

    private static final class Block extends Module {
        private final Part part;
        private final Dropouts dropouts;
        private final double rate;
        private final LayerNorm ln1;
        private final SelfAttention attn;
        private final LayerNorm ln2;
        private final Mlp mlp;

        Block(int index, ModelConfig config, Weights at, Dropouts dropouts) {
            part = Part.block(index);
            this.dropouts = dropouts;
            rate = config.hiddenDropout();
            ln1 = register_module("ln_1", new LayerNorm(at.at("ln_1"), config.hiddenSize(), config.epsilon()));
            attn = register_module("attn", new SelfAttention(part, config, at.at("attn"), dropouts));
            ln2 = register_module("ln_2", new LayerNorm(at.at("ln_2"), config.hiddenSize(), config.epsilon()));
            mlp = register_module("mlp", new Mlp(config, at.at("mlp")));
        }

        /** (B, T, C) -> (B, R, C) */
        Tensor forward(Tensor x, Attention attention) {
            Tensor attended = attn.forward(ln1.forward(x), attention); // (B, T, C) -> (B, R, C)
            x = attention.read(x).add(dropouts.apply(part, rate, attended)); // (B, R, C)
            return x.add(dropouts.apply(part, rate, mlp.forward(ln2.forward(x)))); // (B, R, C)
        }
    }

    private static final class SelfAttention extends Module {
        private final Part part;
        private final Dropouts dropouts;
        private final ModelConfig config;
        private final Conv1D cAttn;
        private final Conv1D cProj;

        SelfAttention(Part part, ModelConfig config, Weights at, Dropouts dropouts) {
            this.part = part;
            this.config = config;
            this.dropouts = dropouts;
            int c = config.hiddenSize();
            cAttn = register_module("c_attn", new Conv1D(at.at("c_attn"), c, 3L * c));
            cProj = register_module("c_proj", new Conv1D(at.at("c_proj"), c, c));
        }

        /** (B, T, C) -> (B, R, C) */
        Tensor forward(Tensor x, Attention attention) {
            long c = config.hiddenSize();
            double rate = dropouts.rate(part, config.attentionDropout());
            if (attention.readsAlone() && cAttn.plain()) {
                Tensor q = heads(cAttn.forward(attention.read(x), 0, c)); // (B, T, C) -> (B, H, 1, D)
                Tensor y = attention.causal(
                        q, x, cAttn.heads(c, config.heads()), cAttn.heads(2 * c, config.heads()), rate); // (B, H, 1, D)
                return cProj.forward(y.transpose(1, 2).flatten(2, 3)); // (B, H, 1, D) -> (B, 1, C)
            }
            Tensor q;
            Tensor kv;
            if (attention.reads()) {
                q = cAttn.forward(attention.read(x), 0, c); // (B, T, C) -> (B, R, C)
                kv = cAttn.forward(x, c, 2 * c); // (B, T, C) -> (B, T, 2 C)
            } else {
                Tensor qkv = cAttn.forward(x); // (B, T, C) -> (B, T, 3 C)
                q = qkv.narrow(2, 0, c); // (B, T, C)
                kv = qkv.narrow(2, c, 2 * c); // (B, T, 2 C)
            }
            Tensor k = heads(kv.narrow(2, 0, c)); // (B, T, C) -> (B, H, T, D)
            Tensor v = heads(kv.narrow(2, c, c)); // (B, T, C) -> (B, H, T, D)
            Tensor y = attention.causal(part.block(), heads(q), k, v, Attention.NO_WINDOW, rate); // (B, H, R, D)
            return cProj.forward(y.transpose(1, 2).flatten(2, 3)); // (B, H, R, D) -> (B, R, C)
        }

        private Tensor heads(Tensor x) {
            return x.unflatten(2, config.heads(), config.headDim()).transpose(1, 2); // (B, T, C) -> (B, H, T, D)
        }
    }

    private static final class Mlp extends Module {
        private final Conv1D cFc;
        private final Conv1D cProj;
        private final Activation activation;

        Mlp(ModelConfig config, Weights at) {
            cFc = register_module("c_fc", new Conv1D(at.at("c_fc"), config.hiddenSize(), config.innerSize()));
            cProj = register_module("c_proj", new Conv1D(at.at("c_proj"), config.innerSize(), config.hiddenSize()));
            activation = Activation.of(config);
        }

        /** (B, R, C) -> (B, R, C), through the inner width */
        Tensor forward(Tensor x) {
            return cProj.forward(cFc.forward(x, activation));
        }
    }
}
