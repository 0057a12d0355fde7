package dev.attune.model;

import dev.attune.checkpoint.Checkpoint;
import dev.attune.files.InputException;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Hands a checkpoint's tensors to the layers of a model, under Hugging Face's names and with the shapes checked. An
 * instance stands at one place of the tree ({@code transformer.h.0.attn}); {@link #at} goes deeper.
 *
 * <p>A file may leave out the base model's prefix ({@code transformer.}, {@code bert.}, {@code model.}), as those of
 * plain base models do, and may carry the old names {@code gamma} and {@code beta} of a LayerNorm.
 */
final class Weights {
    /** Buffers and duplicates that files carry and no model needs. */
    private static final Pattern IGNORED = Pattern.compile(".*\\.attn\\.(bias|masked_bias)|(.*\\.)?position_ids"
            + "|(.*\\.)?token_type_ids|.*rotary_emb\\.inv_freq|cls\\.(predictions|seq_relationship)\\..*"
            + "|(en|de)coder\\.embed_tokens\\.weight|.*\\.EncDecAttention\\.relative_attention_bias\\.weight");

    /** What files of Hugging Face's compressed-tensors call it. */
    private static final String SCALE = "weight_scale";

    private final Source source;
    private final String path;

    /** One load: what it reads and what it has handed out so far. */
    private record Source(
            Checkpoint checkpoint,
            ModelConfig config,
            LoadOptions options,
            Family.Kind kind,
            Map<String, Tensor> taken,
            Map<String, Layer> layers,
            Set<String> used,
            List<String> initialised) {}

    private Weights(Source source, String path) {
        this.source = source;
        this.path = path;
    }

    /** The weights of one load, at the top of the tree. */
    static Weights of(Checkpoint checkpoint, ModelConfig config, LoadOptions options, Family.Kind kind) {
        return new Weights(
                new Source(
                        checkpoint,
                        config,
                        options,
                        kind,
                        new LinkedHashMap<>(),
                        new LinkedHashMap<>(),
                        new LinkedHashSet<>(),
                        new ArrayList<>()),
                "");
    }

    /** The place {@code name} below this one; dots go several steps down. */
    Weights at(String name) {
        return new Weights(source, path + name + ".");
    }

    LoadOptions options() {
        return source.options();
    }

    /** Whether the file has this tensor. */
    boolean has(String name) {
        return find(path + name) != null;
    }

    /** A tensor that the file has, as it stands there. */
    Tensor peek(String name) {
        return source.checkpoint().tensor(Objects.requireNonNull(find(path + name)));
    }

    /** The tensor of this name; it is an error if the file has none or its shape is another. */
    Tensor take(String name, long... shape) {
        return register(path + name, read(name, shape));
    }

    /** The tensor of this name as it stands in the file: mapped where it is used so, else in memory of its own. */
    private Tensor read(String name, long... shape) {
        String found = find(path + name);
        if (found == null) {
            throw new InputException("The checkpoint " + source.checkpoint().source() + " has no tensor " + path + name
                    + ", which a model of type " + source.config().modelType() + " needs.");
        }
        long[] actual = source.checkpoint().shape(found);
        if (!Arrays.equals(actual, shape)) {
            throw new InputException("The tensor " + found + " in "
                    + source.checkpoint().fileOf(found) + " has the shape " + Arrays.toString(actual) + ", but "
                    + source.config().source() + " asks for " + Arrays.toString(shape) + ".");
        }
        source.used().add(found);
        var checkpoint = source.checkpoint();
        var inFile = checkpoint.dtype(found).scalarType();
        boolean asItIs = !trained(path + name)
                && source.options().quantization() == Quantization.NONE
                && frozenType(inFile) == inFile;
        return asItIs ? checkpoint.tensor(found) : checkpoint.copy(found);
    }

    /**
     * The weight of a layer that multiplies by it; as {@link Int8Weight#values} where that was asked for and the layer is a block's.
     *
     * @param outputs the dimension of the outputs: 0, or 1
     */
    Tensor multiplier(int outputs, long... shape) {
        var part = source.kind().part(path + "weight");
        boolean block = part.kind() == Part.Kind.BLOCK || part.kind() == Part.Kind.ENCODER_BLOCK;
        if (source.options().quantization() == Quantization.NONE || !block) {
            return take("weight", shape);
        }
        if (source.options().trained().test(part)) {
            throw new InputException(
                    "The weights of " + part + " cannot be trained in int8, which is for classification.");
        }
        try (Tensor weight = read("weight", shape)) {
            var quantized = Int8Weight.of(
                    weight,
                    outputs,
                    frozenType(weight.scalar_type().intern()),
                    source.options().device());
            source.taken().put(path + "weight", quantized.values());
            source.taken().put(path + SCALE, quantized.scales());
            return quantized.values();
        }
    }

    /** {@link Int8Weight#scales} of the weight at this place; null where it is not quantized. (out) */
    @Nullable Tensor scales() {
        return source.taken().get(path + SCALE);
    }

    /** The tensor of this name, or normally distributed numbers with the config's standard deviation. */
    Tensor takeOrDraw(String name, long... shape) {
        return has(name) ? take(name, shape) : draw(name, shape);
    }

    /** The tensor of this name, or zeros. */
    Tensor takeOrZero(String name, long... shape) {
        return has(name) ? take(name, shape) : initialise(name, new float[size(shape)], shape);
    }

    /**
     * The classification head's weight. One for another number of labels is an error, unless a new one was asked for.
     *
     * @return (labels, in)
     */
    Tensor head(Head.Labels labels, long in) {
        String found = find(path + "weight");
        if (found == null) {
            return draw("weight", labels.count(), in);
        }
        long[] shape = source.checkpoint().shape(found);
        if (shape.length != 2 || shape[0] != labels.count()) {
            if (!labels.replace()) {
                throw new InputException("The head " + found + " in "
                        + source.checkpoint().fileOf(found) + " is for " + shape[0] + " labels, not "
                        + labels.count() + ". Give the labels it was trained for, or ask for a new head.");
            }
        }
        return labels.replace() ? draw("weight", labels.count(), in) : take("weight", labels.count(), in);
    }

    /** The classification head's bias: zeros for a new head. (labels) */
    Tensor headBias(Head.Labels labels) {
        return labels.replace()
                ? initialise("bias", new float[labels.count()], labels.count())
                : takeOrZero("bias", labels.count());
    }

    /** Every parameter that was handed out, under its full name. */
    Map<String, Tensor> taken() {
        return source.taken();
    }

    /** What the layer at this place multiplies in: bf16 under autocast, unless it is the head; else the dtype of its weight. */
    ScalarType multiplied(Tensor weight) {
        Tensor scales = scales();
        if (scales != null) {
            return scales.scalar_type().intern();
        }
        boolean head = source.kind().part(path + "weight").kind() == Part.Kind.HEAD;
        return source.options().autocast() && !head
                ? ScalarType.BFloat16
                : weight.scalar_type().intern();
    }

    /** Notes the layer that was made of the weights at this place. */
    void made(Layer layer) {
        source.layers().put(path.substring(0, path.length() - 1), layer);
    }

    /** Every layer that was made, under its path. */
    Map<String, Layer> layers() {
        return source.layers();
    }

    LoadReport report() {
        List<String> unexpected = source.checkpoint().names().stream()
                .filter(name -> !source.used().contains(name))
                .filter(name -> !source.initialised().contains(name))
                .filter(name -> !IGNORED.matcher(name).matches())
                .filter(name -> !tiedHead(name))
                .sorted()
                .toList();
        return new LoadReport(source.initialised(), unexpected);
    }

    /** Files may repeat the embeddings as lm_head.weight where the two are one matrix. */
    private boolean tiedHead(String name) {
        return name.equals("lm_head.weight")
                && source.kind().causal()
                && source.kind().tied(source.config());
    }

    /** The name in the file of what is {@code name} here, or null. */
    private @Nullable String find(String name) {
        String base = source.kind().base() + ".";
        for (String candidate : List.of(name, oldNorm(name))) {
            String bare = candidate.startsWith(base) ? candidate.substring(base.length()) : candidate;
            for (String spelling : List.of(candidate, bare)) {
                if (source.checkpoint().contains(spelling)) {
                    return spelling;
                }
            }
        }
        return null;
    }

    private static String oldNorm(String name) {
        return name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
    }

    private Tensor draw(String name, long... shape) {
        // Seeded by the name too, so that the numbers do not depend on the order of loading.
        var random = new Random(source.options().seed() * 31 + (path + name).hashCode());
        float[] values = new float[size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * source.config().initializerRange());
        }
        return initialise(name, values, shape);
    }

    private Tensor initialise(String name, float[] values, long... shape) {
        source.initialised().add(path + name);
        return register(path + name, Tensors.of(values, shape));
    }

    private static int size(long... shape) {
        return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    }

    private ScalarType frozenType(ScalarType inFile) {
        Dtype wanted = source.options().frozen();
        if (wanted == null) {
            return inFile == ScalarType.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float;
        }
        return wanted.scalarType();
    }

    private boolean trained(String name) {
        return source.options().trained().test(source.kind().part(name));
    }

    /**
     * Trained parameters are in fp32; the others stay as they are, or are converted. The given tensor is let go, so that a file
     * nobody reads from any more is unmapped.
     */
    private Tensor register(String name, Tensor tensor) {
        var device = source.options().device().toTorch();
        Tensor parameter = trained(name)
                ? tensor.to(device, ScalarType.Float).requires_grad_(true)
                : tensor.to(device, frozenType(tensor.scalar_type().intern()));
        tensor.close();
        source.taken().put(name, parameter);
        return parameter;
    }
}
