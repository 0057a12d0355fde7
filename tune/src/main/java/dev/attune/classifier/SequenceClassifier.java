package dev.attune.classifier;

import dev.attune.data.LabelSet;
import dev.attune.model.Attention;
import dev.attune.model.Backbone;
import dev.attune.model.Blocks;
import dev.attune.model.Part;
import dev.attune.peft.Lora;
import dev.attune.torch.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A backbone with a classification head, as tensors: what training and {@link TextClassifier} share. The pass can be cut at any
 * block, so that what lies below is computed once and kept.
 *
 * <p>Shapes: B texts, T tokens of the longest, C hidden size. Callers open the {@code PointerScope} around a pass.
 *
 * @param lastRowOnly whether the last block computes queries and feed-forward for the read row alone: the same figures for
 *     less work
 * @param adapter attached to the backbone; null where the backbone computes by itself
 */
public record SequenceClassifier(
        Backbone backbone,
        Reading reading,
        LabelSet labels,
        boolean lastRowOnly,
        @Nullable Lora adapter) implements AutoCloseable {

    /** Without an adapter. */
    public SequenceClassifier(Backbone backbone, Reading reading, LabelSet labels, boolean lastRowOnly) {
        this(backbone, reading, labels, lastRowOnly, null);
    }

    /** What is trained, under its names in the files: the adapter's parameters, or those that were loaded to be trained. */
    public Map<String, Tensor> trained() {
        if (adapter != null) {
            return adapter.parameters();
        }
        var trained = new LinkedHashMap<>(backbone.state());
        trained.values().removeIf(parameter -> !parameter.requires_grad());
        return trained;
    }

    /** The parts that hold anything trained, and those above the lowest of them. */
    public Predicate<Part> trainedParts() {
        Set<Part> parts = adapter != null
                ? adapter.parts()
                : trained().keySet().stream().map(backbone::part).collect(Collectors.toSet());
        boolean embeddings = parts.contains(Part.of(Part.Kind.EMBEDDINGS));
        int lowest = embeddings
                ? 0
                : IntStream.range(0, backbone.depth())
                        .filter(i -> parts.contains(Part.block(i)))
                        .findFirst()
                        .orElse(backbone.depth());
        return part -> switch (part.kind()) {
            case EMBEDDINGS -> embeddings;
            case BLOCK -> part.block() >= lowest;
            case NORM -> lowest < backbone.depth() || parts.contains(part);
            case POOLER, HEAD -> true;
            case LM_HEAD, ENCODER_BLOCK, ENCODER_NORM -> parts.contains(part);
        };
    }

    /** Turns dropout on in exactly these parts, at the rates of config.json and of the adapter. */
    public void dropout(Predicate<Part> on) {
        backbone.dropout(on);
        if (adapter != null) {
            adapter.dropout(on);
        }
    }

    /** Where the parameters are. */
    public Device device() {
        return backbone.state().values().iterator().next().device();
    }

    /** The whole pass. */
    public Tensor logits(List<int[]> texts) {
        var attention = Attention.of(texts.stream().mapToInt(ids -> ids.length).toArray());
        Tensor x = backbone.embed(Tensors.padded(texts), attention.positions());
        return logits(features(x, attention, 0)); // (B, labels)
    }

    /** Embeddings and the blocks below {@code cut}. (B, T) -> (B, T, C) */
    public Tensor trunk(Tensor ids, Attention attention, int cut) {
        return blocks(backbone.embed(ids, attention.positions()), attention, 0, cut);
    }

    /** The blocks from {@code cut} up, the final norm and the row that is read. (B, T, C) -> (B, C) */
    public Tensor features(Tensor hidden, Attention attention, int cut) {
        int depth = backbone.depth();
        if (reading == Reading.MEAN) {
            return mean(backbone.norm(blocks(hidden, attention, cut, depth)), attention.lengths());
        }
        int[] rows = reading == Reading.CLS ? new int[attention.batch()] : attention.lastRows();
        if (lastRowOnly && cut < depth) {
            Tensor below = blocks(hidden, attention, cut, depth - 1);
            Tensor row = backbone.block(depth - 1, below, attention.reading(rows)); // (B, T, C) -> (B, 1, C)
            return backbone.norm(row.select(1, 0)); // (B, C)
        }
        Tensor x = blocks(hidden, attention, cut, depth);
        int width = (int) x.size(1);
        int[] flat =
                IntStream.range(0, rows.length).map(b -> b * width + rows[b]).toArray(); // of (B * T, C)
        Tensor index = Tensors.of(flat).to(x.device(), torch.ScalarType.Long);
        return backbone.norm(x.flatten(0, 1).index_select(0, index)); // (B, C)
    }

    /** Pooler (where the family's class has one for this reading) and head. (B, C) -> (B, labels) */
    public Tensor logits(Tensor features) {
        return backbone.score(reading == Reading.CLS ? backbone.pool(features) : features);
    }

    private Tensor blocks(Tensor hidden, Attention attention, int from, int to) {
        return Blocks.run(backbone, hidden, attention, from, to);
    }

    /** The mean over the real tokens: padded rows count nothing. (B, T, C) -> (B, C) */
    private static Tensor mean(Tensor x, int[] lengths) {
        int width = (int) x.size(1);
        float[] weights = new float[lengths.length * width];
        for (int b = 0; b < lengths.length; b++) {
            Arrays.fill(weights, b * width, b * width + lengths[b], 1f / lengths[b]);
        }
        Tensor w = Tensors.of(weights, lengths.length, 1, width).to(x.device(), x.scalar_type()); // (B, 1, T)
        return torch.bmm(w, x).squeeze(1); // (B, C)
    }

    /** (B, labels) logits -> B arrays of probabilities. */
    public static double[][] probabilities(Tensor logits) {
        return rows(logits.detach().to(torch.ScalarType.Double).softmax(1));
    }

    /** (B, n) -> B arrays. */
    public static double[][] rows(Tensor scores) {
        Tensor host = scores.to(torch.ScalarType.Double).cpu().contiguous();
        double[][] rows = new double[(int) host.size(0)][(int) host.size(1)];
        DoublePointer data = host.data_ptr_double();
        for (int i = 0; i < rows.length; i++) {
            data.position((long) i * rows[i].length).get(rows[i]);
        }
        return rows;
    }

    @Override
    public void close() {
        if (adapter != null) {
            adapter.close();
        }
        backbone.close();
    }
}
