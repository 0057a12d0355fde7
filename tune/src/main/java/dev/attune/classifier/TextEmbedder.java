package dev.attune.classifier;

import dev.attune.data.LabelSet;
import dev.attune.files.Download;
import dev.attune.files.InputException;
import dev.attune.model.Attention;
import dev.attune.model.Families;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.model.ModelConfig;
import dev.attune.peft.AdapterFolder;
import dev.attune.peft.Lora;
import dev.attune.peft.LoraConfig;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Device;
import dev.attune.torch.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Texts as vectors: a model's last hidden states pooled to one row, as sentence-transformers pools them. Takes any model folder,
 * with or without a head, a run's too, whose vectors then show what tuning made of the model. Safe for use by several threads.
 */
public final class TextEmbedder implements AutoCloseable {
    private static final int TOKENS = 2048;
    private static final int USUAL_LENGTH = 512;
    private static final LabelSet UNUSED = new LabelSet(List.of("none", "other"));

    private final SequenceClassifier model;
    private final TextEncoder encoder;
    private final boolean normalized;

    private TextEmbedder(SequenceClassifier model, TextEncoder encoder, boolean normalized) {
        this.model = model;
        this.encoder = encoder;
        this.normalized = normalized;
    }

    /** The mean of a text's hidden states, brought to length 1, on the CPU. */
    public static TextEmbedder load(Path folder) {
        return load(folder, Reading.MEAN, true, Device.CPU);
    }

    /**
     * Loads a folder; weights stay as they are in the file, fp32 or bf16.
     *
     * @param pooling which hidden states make a text's vector; for {@link Reading#LAST_PADDED} take {@link Reading#LAST}
     * @param normalized whether vectors are brought to length 1, so that their product is the cosine
     * @throws InputException for an adapter of virtual tokens or an encoder-decoder, and naming what the folder lacks
     */
    public static TextEmbedder load(Path folder, Reading pooling, boolean normalized, Device device) {
        if (pooling == Reading.LAST_PADDED) {
            throw new InputException("Embeddings are read at mean, cls or last, not at last-padded.");
        }
        if (!AdapterFolder.isAdapter(folder)) {
            return open(folder, Tokenizer.load(folder), pooling, normalized, device);
        }
        try (var adapter = AdapterFolder.open(folder)) {
            Path base = adapter.baseFolder(Download.Progress.NONE);
            return open(adapter, base, pooling, normalized, device);
        }
    }

    private static TextEmbedder open(
            Path folder, Tokenizer tokenizer, Reading pooling, boolean normalized, Device device) {
        try {
            var config = requireOneStack(folder);
            var options = LoadOptions.frozen(new Head.None()).withFrozen(null).withDevice(device);
            var backbone = ClassifierFolder.load(folder, config, options).backbone();
            var model = new SequenceClassifier(backbone, pooling, UNUSED, true);
            return new TextEmbedder(
                    model, new TextEncoder(tokenizer, pooling, maxLength(folder, config, tokenizer)), normalized);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static TextEmbedder open(
            AdapterFolder adapter, Path base, Reading pooling, boolean normalized, Device device) {
        if (!(adapter.config() instanceof LoraConfig)) {
            throw new InputException("The adapter in " + adapter.folder() + " is "
                    + adapter.config().peftType()
                    + ", which changes the prompt and not the model; name its base model, "
                    + base + ".");
        }
        var config = requireOneStack(base);
        var tokenizer = AdapterClassifiers.tokenizer(adapter, base);
        try {
            // With a head, since adapters may hold one; it is not read.
            Head head = Lora.labels(adapter).isPresent()
                    ? new Head.Labels(Lora.labels(adapter).getAsInt(), true)
                    : Families.causal(config) ? new Head.LanguageModel() : new Head.None();
            var options = LoadOptions.frozen(head).withFrozen(null).withDevice(device);
            var backbone = ClassifierFolder.load(base, config, options).backbone();
            try {
                var lora = Lora.load(backbone, adapter, false);
                lora.attach();
                var model = new SequenceClassifier(backbone, pooling, UNUSED, true, lora);
                int maxLength = maxLength(adapter.folder(), config, tokenizer);
                return new TextEmbedder(model, new TextEncoder(tokenizer, pooling, maxLength), normalized);
            } catch (RuntimeException e) {
                backbone.close();
                throw e;
            }
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static ModelConfig requireOneStack(Path folder) {
        var config = ModelConfig.read(folder);
        if (Families.encoderDecoder(config)) {
            throw new InputException(folder + " is an encoder-decoder (" + config.modelType()
                    + "), whose hidden states are no embeddings of its "
                    + "texts; take another model, such as minilm.");
        }
        return config;
    }

    private static int maxLength(Path folder, ModelConfig config, Tokenizer tokenizer) {
        var own = ClassifierSettings.read(folder);
        return own == null ? Math.min(ClassifierFolder.longest(config, tokenizer), USUAL_LENGTH) : own.maxLength();
    }

    /** How long a vector is. */
    public int dimensions() {
        return model.backbone().config().hiddenSize();
    }

    /** A text's vector. */
    public float[] embed(String text) {
        return embed(List.of(text))[0];
    }

    /** Vectors in the order of the texts, which go through the model in batches of like length. */
    public float[][] embed(List<String> texts) {
        return embed(texts, done -> {});
    }

    /**
     * As {@link #embed(List)}.
     *
     * @param progress told after each batch how many texts are done
     */
    @SuppressWarnings("try") // scope and mode are there for what they do
    public float[][] embed(List<String> texts, IntConsumer progress) {
        var ids = encoder.encode(texts);
        int[] lengths = ids.stream().mapToInt(row -> row.length).toArray();
        float[][] all = new float[texts.size()][];
        int done = 0;
        for (int[] batch : LengthBatches.all(lengths, TOKENS)) {
            try (var scope = new PointerScope();
                    var inference = new InferenceMode()) {
                var rows = Arrays.stream(batch).mapToObj(ids::get).toList();
                float[][] vectors = Tensors.toFloatRows(pooled(rows).to(torch.ScalarType.Float));
                for (int i = 0; i < batch.length; i++) {
                    all[batch[i]] = normalized ? unit(vectors[i]) : vectors[i];
                }
            }
            done += batch.length;
            progress.accept(done);
        }
        return all;
    }

    /** (B, C) */
    private Tensor pooled(List<int[]> rows) {
        var attention = Attention.of(rows.stream().mapToInt(row -> row.length).toArray());
        Tensor x = model.backbone().embed(Tensors.padded(rows), attention.positions());
        return model.features(x, attention, 0);
    }

    private static float[] unit(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        double length = squares == 0 ? 1 : Math.sqrt(squares);
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    @Override
    public void close() {
        encoder.close();
        model.close();
    }
}
