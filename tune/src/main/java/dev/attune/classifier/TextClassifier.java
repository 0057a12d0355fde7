package dev.attune.classifier;

import dev.attune.data.LabelSet;
import dev.attune.model.Quantization;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Classifies texts with a model folder: one that a run left (a model, or an adapter of one), or any Hugging Face folder of a
 * *ForSequenceClassification class.
 * Safe for use by several threads.
 */
public final class TextClassifier implements AutoCloseable {
    /** Tokens, padding included, that go through the model at once. */
    public static final int TOKENS = 2048;

    private final TextModel model;

    TextClassifier(TextModel model) {
        this.model = model;
    }

    TextClassifier(SequenceClassifier classifier, TextEncoder encoder) {
        this(new TextModel.WithHead(classifier, encoder));
    }

    /** Loads a folder as its weights are, fp32 or bf16. */
    public static TextClassifier load(Path folder) {
        return load(folder, null, Device.CPU);
    }

    /**
     * Loads a folder onto a device; weights that are in {@code dtype} already stay mapped from the file; null takes them as they are.
     *
     * @throws dev.attune.files.InputException naming what the folder lacks
     */
    public static TextClassifier load(Path folder, @Nullable Dtype dtype, Device device) {
        return load(folder, dtype, Quantization.NONE, device);
    }

    /**
     * Loads a folder as {@link #load(Path, Dtype, Device)} does, the blocks' weights quantized: for less memory at some cost in
     * accuracy. {@code dtype} is of the rest and of what is computed.
     */
    public static TextClassifier load(Path folder, @Nullable Dtype dtype, Quantization quantization, Device device) {
        return ClassifierFolder.load(folder, dtype, quantization, device);
    }

    /** What all but quantized weights are in. */
    public Dtype dtype() {
        return model.backbone().frozenDtype();
    }

    /** How many bytes the model's weights take, an adapter's beside it left out. */
    public long weightBytes() {
        return model.backbone().state().values().stream()
                .mapToLong(weight -> weight.numel() * Dtype.of(weight).bytes())
                .sum();
    }

    /** The labels, in the order of a prediction's probabilities. */
    public LabelSet labels() {
        return model.labels();
    }

    /** The language model that says the labels' words; empty where a head classifies. Belongs to this classifier. */
    public Optional<LabelScorer.Ready> answering() {
        return model instanceof TextModel.WithWords words ? Optional.of(words.ready()) : Optional.empty();
    }

    public Prediction classify(String text) {
        return classify(List.of(text)).get(0);
    }

    /** Predictions in the order of the texts, which go through the model in batches of like length. */
    public List<Prediction> classify(List<String> texts) {
        double[][] probabilities = probabilities(texts);
        return IntStream.range(0, probabilities.length)
                .mapToObj(i -> new Prediction(
                        texts.get(i),
                        labels(),
                        Arrays.stream(probabilities[i]).boxed().toList()))
                .toList();
    }

    /** The labels' probabilities of each text, in the texts' and the labels' order. */
    public double[][] probabilities(List<String> texts) {
        return scores(texts, SequenceClassifier::probabilities);
    }

    /** The scores before the softmax, in the texts' and the labels' order. */
    double[][] logits(List<String> texts) {
        return scores(texts, SequenceClassifier::rows);
    }

    @SuppressWarnings("try") // scope and mode are there for what they do, not to be called
    private double[][] scores(List<String> texts, Function<Tensor, double[][]> ofLogits) {
        var ids = model.encode(texts);
        int[] lengths = ids.stream().mapToInt(model::tokens).toArray();
        double[][] all = new double[texts.size()][];
        for (int[] batch : LengthBatches.all(lengths, TOKENS)) {
            try (var scope = new PointerScope();
                    var inference = new InferenceMode()) {
                var rows = Arrays.stream(batch).mapToObj(ids::get).toList();
                double[][] scores = ofLogits.apply(model.logits(rows));
                for (int i = 0; i < batch.length; i++) {
                    all[batch[i]] = scores[i];
                }
            }
        }
        return all;
    }

    @Override
    public void close() {
        model.close();
    }
}
