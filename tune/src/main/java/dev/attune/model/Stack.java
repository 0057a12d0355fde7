package dev.attune.model;

import dev.attune.checkpoint.Checkpoint;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** A family's base model with a head on top. */
final class Stack implements Backbone {
    private static final Part HEAD = Part.of(Part.Kind.HEAD);

    private final Family.Kind kind;
    private final ModelConfig config;
    private final Module module;
    private final Map<String, Tensor> state;
    private final Map<String, Layer> layers;
    private final Family family;
    private final Dropouts dropouts = new Dropouts();
    private final Head head;
    /** The classification head or the output projection; null for a tied projection and for no head. */
    private final @Nullable Linear top;

    private final PointerScope owner;

    private Stack(Family.Kind kind, ModelConfig config, Weights weights, PointerScope owner) {
        this.kind = kind;
        this.config = config;
        this.head = weights.options().head();
        this.owner = owner;
        boolean besideHead = kind.base().isEmpty();
        family = kind.builder().build(config, besideHead ? weights : weights.at(kind.base()), dropouts);
        module = besideHead ? family.module() : new Module();
        if (!besideHead) {
            module.register_module(kind.base(), family.module());
        }
        top = top(weights);
        state = Collections.unmodifiableMap(weights.taken());
        layers = Collections.unmodifiableMap(weights.layers());
    }

    static Families.Loaded load(
            Family.Kind kind, Checkpoint checkpoint, ModelConfig config, LoadOptions options, PointerScope owner) {
        var weights = Weights.of(checkpoint, config, options, kind);
        var stack = new Stack(kind, config, weights, owner);
        return new Families.Loaded(stack, weights.report());
    }

    private @Nullable Linear top(Weights weights) {
        if (head instanceof Head.Labels labels) {
            Weights at = weights.at(kind.head());
            var linear =
                    new Linear(at, at.head(labels, config.hiddenSize()), kind.headBias() ? at.headBias(labels) : null);
            return module.register_module(kind.head(), linear);
        }
        if (head instanceof Head.LanguageModel && kind.causal() && !tied(weights)) {
            var linear = new Linear(weights.at("lm_head"), config.vocabSize(), config.hiddenSize(), false);
            return module.register_module("lm_head", linear);
        }
        return null;
    }

    /** A file with an output projection of its own is right against its config, as in transformers. */
    private boolean tied(Weights weights) {
        if (!kind.tied(config) || !weights.has("lm_head.weight")) {
            return kind.tied(config);
        }
        try (Tensor own = weights.peek("lm_head.weight")) {
            return family.words().holds(own);
        }
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public Module module() {
        return module;
    }

    @Override
    public Map<String, Tensor> state() {
        return state;
    }

    @Override
    public Map<String, Layer> layers() {
        return layers;
    }

    @Override
    public int depth() {
        return config.depth();
    }

    @Override
    public Tensor embed(Tensor ids, Tensor positions) {
        return family.embed(words(ids), positions);
    }

    @Override
    public Tensor words(Tensor ids) {
        return family.words().forward(ids);
    }

    @Override
    public Tensor embedWords(Tensor words, Tensor positions) {
        return family.embed(family.words().like(words), positions);
    }

    @Override
    public Tensor block(int i, Tensor x, Attention attention) {
        return family.block(i, x, attention);
    }

    @Override
    public Tensor norm(Tensor x) {
        return family.norm(x);
    }

    @Override
    public Tensor lmHead(Tensor x) {
        if (!kind.causal() || !(head instanceof Head.LanguageModel)) {
            throw new UnsupportedOperationException("This " + config.modelType() + " model was loaded without an output"
                    + " projection to the vocabulary" + (kind.causal() ? "" : "; its family has none") + ".");
        }
        return top == null ? family.words().project(x) : top.forward(x);
    }

    @Override
    public Tensor pool(Tensor row) {
        return family.pool(row);
    }

    @Override
    public Tensor score(Tensor row) {
        if (top == null || !(head instanceof Head.Labels)) {
            throw new UnsupportedOperationException(
                    "This " + config.modelType() + " model was loaded without a classification head.");
        }
        return top.forward(dropouts.apply(HEAD, kind.headBias() ? config.classifierDropout() : 0, row));
    }

    @Override
    public Part part(String parameter) {
        return kind.part(parameter);
    }

    @Override
    public boolean causal() {
        return kind.causal();
    }

    @Override
    public Optional<Encoder> encoder() {
        return family.encoder();
    }

    @Override
    public void dropout(Predicate<Part> on) {
        dropouts.on(on);
    }

    @Override
    public void close() {
        owner.close();
    }
}
