package dev.attune.model;

import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * T5 (Raffel et al. 2020, "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer") with its
 * versions 1.1 and Flan: an {@link Encoder} reads the text, and the blocks of the decoder, which attend to it too, say the
 * answer. An RMS norm before each part of a block, positions as learned biases on the attention scores
 * ({@link RelativeBias}), scores without a scale, no biases in linear layers; a plain or a gated feed-forward part.
 */
final class T5 extends Module implements Family {
    static final Kind KIND = new Kind("", "decoder.block", "decoder.final_layer_norm", "", false, true, true, T5::new);

    private static final Part EMBEDDINGS = Part.of(Part.Kind.EMBEDDINGS);

    private final ModelConfig config;
    private final Dropouts dropouts;
    private final double rate;
    private final double outputScale;
    private final Embedding shared;
    private final Half encoder;
    private final Half decoder;

    private T5(ModelConfig config, Weights at, Dropouts dropouts) {
        if (at.options().head() instanceof Head.Labels) {
            throw new InputException(config.source() + " describes a T5 model, which says its labels as words: a"
                    + " classification head for it is not supported. Tune it with label words.");
        }
        this.config = config;
        this.dropouts = dropouts;
        rate = config.hiddenDropout();
        // Versions whose output projection is tied scale what it is given; transformers tells them by either field.
        boolean scaled = config.field("scale_decoder_outputs")
                .asBoolean(config.field("tie_word_embeddings").asBoolean(true));
        outputScale = scaled ? Math.pow(config.hiddenSize(), -0.5) : 1;
        shared = register_module("shared", new Embedding(at.at("shared"), config.vocabSize(), config.hiddenSize()));
        int encoderDepth = config.field("num_layers").asInt(config.depth());
        encoder = register_module("encoder", new Half(false, encoderDepth, config, at.at("encoder"), dropouts));
        decoder = register_module("decoder", new Half(true, config.depth(), config, at.at("decoder"), dropouts));
    }

    @Override
    public Module module() {
        return this;
    }

    @Override
    public Tensor embed(Tensor words, Tensor positions) {
        return dropouts.apply(EMBEDDINGS, rate, words); // (B, T, C); positions enter in the blocks
    }

    @Override
    public Tensor block(int i, Tensor x, Attention attention) {
        return decoder.blocks.get(i).forward(x, attention);
    }

    @Override
    public Tensor norm(Tensor x) {
        return dropouts.apply(Part.of(Part.Kind.NORM), rate, decoder.finalNorm.forward(x))
                .mul(new Scalar(outputScale));
    }

    @Override
    public Tensor pool(Tensor row) {
        return row;
    }

    @Override
    public Embedding words() {
        return shared;
    }

    @Override
    public Optional<Encoder> encoder() {
        return Optional.of(new TextEncoder());
    }

    private final class TextEncoder implements Encoder {
        @Override
        public int depth() {
            return encoder.blocks.size();
        }

        @Override
        public Tensor words(Tensor ids) {
            return shared.forward(ids); // (B, S) -> (B, S, C)
        }

        @Override
        public Tensor embedWords(Tensor words) {
            return dropouts.apply(EMBEDDINGS, rate, words); // (B, S, C)
        }

        @Override
        public Tensor block(int i, Tensor x, Attention attention) {
            return encoder.blocks.get(i).forward(x, attention);
        }

        @Override
        public Tensor norm(Tensor x) {
            return dropouts.apply(Part.of(Part.Kind.ENCODER_NORM), rate, encoder.finalNorm.forward(x));
        }

        @Override
        public Past memory(Tensor states, Attention attention) {
            return new Past(
                    List.of(attention.segment()),
                    decoder.blocks.stream().map(block -> block.memory(states)).toList());
        }

        @Override
        public int start() {
            // T5 begins with its padding.
            return config.field("decoder_start_token_id")
                    .asInt(config.field("pad_token_id").asInt(0));
        }
    }

    /** The encoder's blocks or the decoder's, and the norm behind them. */
    private static final class Half extends Module {
        private final List<Block> blocks = new ArrayList<>();
        private final RmsNorm finalNorm;

        Half(boolean decodes, int depth, ModelConfig config, Weights at, Dropouts dropouts) {
            var bias =
                    new RelativeBias(at.at("block.0.layer.0.SelfAttention.relative_attention_bias"), config, !decodes);
            var list = register_module("block", new Module());
            for (int i = 0; i < depth; i++) {
                Part part = decodes ? Part.block(i) : Part.encoderBlock(i);
                blocks.add(list.register_module(
                        Integer.toString(i), new Block(part, config, bias, at.at("block." + i), dropouts)));
            }
            finalNorm = register_module(
                    "final_layer_norm", new RmsNorm(at.at("final_layer_norm"), config.hiddenSize(), config.epsilon()));
        }
    }

    private static final class Block extends Module {
        private final SelfLayer self;
        private final @Nullable CrossLayer cross;
        private final FeedForward feedForward;

        Block(Part part, ModelConfig config, RelativeBias bias, Weights at, Dropouts dropouts) {
            var layer = register_module("layer", new Module());
            boolean decodes = part.kind() == Part.Kind.BLOCK;
            self = layer.register_module("0", new SelfLayer(part, config, bias, at.at("layer.0"), dropouts));
            cross = decodes
                    ? layer.register_module("1", new CrossLayer(part, config, at.at("layer.1"), dropouts))
                    : null;
            String last = decodes ? "2" : "1";
            feedForward = layer.register_module(last, new FeedForward(part, config, at.at("layer." + last), dropouts));
        }

        /** (B, T, C) -> (B, R, C) */
        Tensor forward(Tensor x, Attention attention) {
            Tensor y = self.forward(x, attention); // (B, T, C) -> (B, R, C)
            return feedForward.forward(cross == null ? y : cross.forward(y, attention)); // (B, R, C)
        }

        /** What the block reads of the encoder's states. (B, S, C) -> 2 x (B, H, S, D) */
        Past.KeyValues memory(Tensor states) {
            var projections = Objects.requireNonNull(cross).projections;
            return new Past.KeyValues(projections.keys(states), projections.values(states));
        }
    }

    /** The four linear layers of an attention. */
    private static final class Projections extends Module {
        private final int headDim;
        private final Linear q;
        private final Linear k;
        private final Linear v;
        private final Linear o;

        Projections(ModelConfig config, Weights at) {
            headDim = config.headDim();
            int c = config.hiddenSize();
            int inner = config.heads() * headDim;
            q = register_module("q", new Linear(at.at("q"), inner, c, false));
            k = register_module("k", new Linear(at.at("k"), inner, c, false));
            v = register_module("v", new Linear(at.at("v"), inner, c, false));
            o = register_module("o", new Linear(at.at("o"), c, inner, false));
        }

        /** Multiplied by what {@link Attention} divides the scores by: T5 does not scale them. (B, R, C) -> (B, H, R, D) */
        Tensor queries(Tensor x) {
            return heads(q.forward(x)).mul(new Scalar(Math.sqrt(headDim)));
        }

        /** (B, T, C) -> (B, H, T, D) */
        Tensor keys(Tensor x) {
            return heads(k.forward(x));
        }

        /** (B, T, C) -> (B, H, T, D) */
        Tensor values(Tensor x) {
            return heads(v.forward(x));
        }

        /** (B, H, R, D) -> (B, R, C) */
        Tensor out(Tensor y) {
            return o.forward(y.transpose(1, 2).flatten(2, 3)); // (B, H, R, D) -> (B, R, H D) -> (B, R, C)
        }

        private Tensor heads(Tensor x) {
            return x.unflatten(2, -1, headDim).transpose(1, 2); // (B, T, H D) -> (B, H, T, D)
        }
    }

    private static final class SelfLayer extends Module {
        private final Part part;
        private final Dropouts dropouts;
        private final double configuredRate;
        private final RelativeBias bias;
        private final RmsNorm norm;
        private final Projections projections;

        SelfLayer(Part part, ModelConfig config, RelativeBias bias, Weights at, Dropouts dropouts) {
            this.part = part;
            this.dropouts = dropouts;
            configuredRate = config.hiddenDropout();
            this.bias = bias;
            projections = register_module("SelfAttention", new Projections(config, at.at("SelfAttention")));
            if (part.block() == 0) {
                projections.register_module("relative_attention_bias", bias); // the first block's serves all
            }
            norm = register_module(
                    "layer_norm", new RmsNorm(at.at("layer_norm"), config.hiddenSize(), config.epsilon()));
        }

        /** (B, T, C) -> (B, R, C) */
        Tensor forward(Tensor x, Attention attention) {
            Tensor normed = norm.forward(x);
            Tensor q = projections.queries(attention.read(normed)); // (B, T, C) -> (B, H, R, D)
            Tensor k = projections.keys(normed); // (B, T, C) -> (B, H, T, D)
            Tensor v = projections.values(normed); // (B, T, C) -> (B, H, T, D)
            double rate = dropouts.rate(part, configuredRate);
            Tensor y = part.kind() == Part.Kind.BLOCK
                    ? attention.causal(part.block(), q, k, v, bias, rate)
                    : attention.bidirectional(part.block(), q, k, v, bias, rate); // (B, H, R, D)
            return attention.read(x).add(dropouts.apply(part, configuredRate, projections.out(y))); // (B, R, C)
        }
    }

    private static final class CrossLayer extends Module {
        private final Part part;
        private final Dropouts dropouts;
        private final double configuredRate;
        private final RmsNorm norm;
        private final Projections projections;

        CrossLayer(Part part, ModelConfig config, Weights at, Dropouts dropouts) {
            this.part = part;
            this.dropouts = dropouts;
            configuredRate = config.hiddenDropout();
            projections = register_module("EncDecAttention", new Projections(config, at.at("EncDecAttention")));
            norm = register_module(
                    "layer_norm", new RmsNorm(at.at("layer_norm"), config.hiddenSize(), config.epsilon()));
        }

        /** (B, R, C) -> (B, R, C) */
        Tensor forward(Tensor x, Attention attention) {
            Tensor q = projections.queries(norm.forward(x)); // (B, R, C) -> (B, H, R, D)
            Tensor y = attention.cross(part.block(), q, dropouts.rate(part, configuredRate)); // (B, H, R, D)
            return x.add(dropouts.apply(part, configuredRate, projections.out(y)));
        }
    }

    private static final class FeedForward extends Module {
        private final Part part;
        private final Dropouts dropouts;
        private final double rate;
        private final RmsNorm norm;
        private final Linear wi;
        private final @Nullable Linear gate;
        private final Linear wo;
        private final Activation activation;

        FeedForward(Part part, ModelConfig config, Weights at, Dropouts dropouts) {
            this.part = part;
            this.dropouts = dropouts;
            rate = config.hiddenDropout();
            int c = config.hiddenSize();
            int inner = config.innerSize();
            boolean gated = config.field("feed_forward_proj").asText().startsWith("gated-");
            var dense = register_module("DenseReluDense", new Module());
            Weights below = at.at("DenseReluDense");
            gate = gated ? dense.register_module("wi_0", new Linear(below.at("wi_0"), inner, c, false)) : null;
            String name = gated ? "wi_1" : "wi";
            wi = dense.register_module(name, new Linear(below.at(name), inner, c, false));
            wo = dense.register_module("wo", new Linear(below.at("wo"), c, inner, false));
            activation = Activation.of(config);
            norm = register_module("layer_norm", new RmsNorm(at.at("layer_norm"), c, config.epsilon()));
        }

        /** (B, R, C) -> (B, R, C), through the inner width */
        Tensor forward(Tensor x) {
            Tensor normed = norm.forward(x);
            Tensor inner = gate == null
                    ? wi.forward(normed, activation)
                    : gate.forward(normed, activation).mul(wi.forward(normed));
            return x.add(dropouts.apply(part, rate, wo.forward(dropouts.apply(part, rate, inner))));
        }
    }
}
