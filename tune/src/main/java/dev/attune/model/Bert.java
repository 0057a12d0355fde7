package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.tanh;

import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * BERT (Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding"): every
 * token sees every other, a norm after each part of a block, learned positions, a pooler over the first row. All tokens
 * are of type 0.
 */
final class Bert extends Module implements Family {
    static final Kind KIND = new Kind("bert", "encoder.layer", "", "classifier", true, false, false, Bert::new);

    private static final Part EMBEDDINGS = Part.of(Part.Kind.EMBEDDINGS);

    private final ModelConfig config;
    private final Dropouts dropouts;
    private final Embedding words;
    private final Embedding positions;
    private final Embedding types;
    private final LayerNorm norm;
    private final List<Block> blocks = new ArrayList<>();
    private final Linear pooler;

    private Bert(ModelConfig config, Weights at, Dropouts dropouts) {
        config.require("is_decoder", false);
        config.require("add_cross_attention", false);
        String positionType = config.field("position_embedding_type").asText("absolute");
        if (!positionType.equals("absolute")) {
            throw new InputException(config.source() + " asks for position_embedding_type " + positionType
                    + "; only absolute is supported.");
        }
        this.config = config;
        this.dropouts = dropouts;
        int c = config.hiddenSize();
        var embeddings = register_module("embeddings", new Module());
        Weights e = at.at("embeddings");
        words = embeddings.register_module(
                "word_embeddings", new Embedding(e.at("word_embeddings"), config.vocabSize(), c));
        positions = embeddings.register_module(
                "position_embeddings", new Embedding(e.at("position_embeddings"), config.maxPositions(), c));
        types = embeddings.register_module(
                "token_type_embeddings",
                new Embedding(
                        e.at("token_type_embeddings"),
                        config.field("type_vocab_size").asInt(2),
                        c));
        norm = embeddings.register_module("LayerNorm", new LayerNorm(e.at("LayerNorm"), c, config.epsilon()));

        var layer = register_module("encoder", new Module()).register_module("layer", new Module());
        for (int i = 0; i < config.depth(); i++) {
            blocks.add(layer.register_module(
                    Integer.toString(i), new Block(i, config, at.at("encoder.layer." + i), dropouts)));
        }
        Weights dense = at.at("pooler.dense");
        pooler = register_module("pooler", new Module())
                .register_module(
                        "dense", new Linear(dense, dense.takeOrDraw("weight", c, c), dense.takeOrZero("bias", c)));
    }

    @Override
    public Module module() {
        return this;
    }

    @Override
    public Tensor embed(Tensor vectors, Tensor at) {
        Tensor x = vectors.add(types.row(0)).add(positions.forward(at)); // (B, T, C)
        return dropouts.apply(EMBEDDINGS, config.embeddingDropout(), norm.forward(x));
    }

    @Override
    public Tensor block(int i, Tensor x, Attention attention) {
        return blocks.get(i).forward(x, attention);
    }

    @Override
    public Tensor norm(Tensor x) {
        return x;
    }

    @Override
    public Tensor pool(Tensor row) {
        return tanh(pooler.forward(row));
    }

    @Override
    public Embedding words() {
        return words;
    }

    /** A layer: attention, and a feed-forward part that Hugging Face's files split into intermediate and output. */
    private static final class Block extends Module {
        private final SelfAttention attention;
        private final Residual attended;
        private final Linear intermediate;
        private final Activation activation;
        private final Residual output;

        Block(int index, ModelConfig config, Weights at, Dropouts dropouts) {
            Part part = Part.block(index);
            int c = config.hiddenSize();
            int inner = config.innerSize();
            var outer = register_module("attention", new Module());
            attention =
                    outer.register_module("self", new SelfAttention(part, config, at.at("attention.self"), dropouts));
            attended =
                    outer.register_module("output", new Residual(part, config, at.at("attention.output"), c, dropouts));
            intermediate = register_module("intermediate", new Module())
                    .register_module("dense", new Linear(at.at("intermediate.dense"), inner, c, true));
            activation = Activation.of(config);
            output = register_module("output", new Residual(part, config, at.at("output"), inner, dropouts));
        }

        /** (B, T, C) -> (B, R, C) */
        Tensor forward(Tensor x, Attention a) {
            Tensor y = attended.forward(attention.forward(x, a), a.read(x)); // (B, T, C) -> (B, R, C)
            return output.forward(intermediate.forward(y, activation), y); // (B, R, C), through the inner width
        }
    }

    private static final class SelfAttention extends Module {
        private final Part part;
        private final ModelConfig config;
        private final Dropouts dropouts;
        private final Linear query;
        private final Linear key;
        private final Linear value;

        SelfAttention(Part part, ModelConfig config, Weights at, Dropouts dropouts) {
            this.part = part;
            this.config = config;
            this.dropouts = dropouts;
            int c = config.hiddenSize();
            query = register_module("query", new Linear(at.at("query"), c, c, true));
            key = register_module("key", new Linear(at.at("key"), c, c, true));
            value = register_module("value", new Linear(at.at("value"), c, c, true));
        }

        /** (B, T, C) -> (B, R, C) */
        Tensor forward(Tensor x, Attention attention) {
            Tensor q = heads(query.forward(attention.read(x))); // (B, T, C) -> (B, H, R, D)
            double rate = dropouts.rate(part, config.attentionDropout());
            return attend(q, x, attention, rate).transpose(1, 2).flatten(2, 3); // (B, H, R, D) -> (B, R, C)
        }

        /** (B, H, R, D) -> (B, H, R, D) */
        private Tensor attend(Tensor q, Tensor x, Attention attention, double rate) {
            if (attention.readsAlone() && key.plain() && value.plain()) {
                return attention.bidirectional(q, x, key.heads(config.heads()), value.heads(config.heads()), rate);
            }
            Tensor k = heads(key.forward(x)); // (B, T, C) -> (B, H, T, D)
            Tensor v = heads(value.forward(x)); // (B, T, C) -> (B, H, T, D)
            return attention.bidirectional(part.block(), q, k, v, rate);
        }

        private Tensor heads(Tensor x) {
            return x.unflatten(2, config.heads(), config.headDim()).transpose(1, 2); // (B, T, C) -> (B, H, T, D)
        }
    }

    /** A linear layer whose result is added to what came in, then normed. */
    private static final class Residual extends Module {
        private final Part part;
        private final Dropouts dropouts;
        private final double rate;
        private final Linear dense;
        private final LayerNorm norm;

        Residual(Part part, ModelConfig config, Weights at, int in, Dropouts dropouts) {
            this.part = part;
            this.dropouts = dropouts;
            rate = config.hiddenDropout();
            int c = config.hiddenSize();
            dense = register_module("dense", new Linear(at.at("dense"), c, in, true));
            norm = register_module("LayerNorm", new LayerNorm(at.at("LayerNorm"), c, config.epsilon()));
        }

        /** x (B, R, in), before (B, R, C) -> (B, R, C) */
        Tensor forward(Tensor x, Tensor before) {
            return norm.forward(dropouts.apply(part, rate, dense.forward(x)).add(before));
        }
    }
}
