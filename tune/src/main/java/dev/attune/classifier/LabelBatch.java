package dev.attune.classifier;

import dev.attune.model.Attention;
import dev.attune.model.Backbone;
import dev.attune.model.Past;
import dev.attune.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Texts with their labels behind them, as a language model is trained on them: a loss at the labels' tokens alone. A label's
 * last token is predicted and not put in.
 *
 * <p>Shapes: B texts, T tokens of the longest input, N scored tokens, C hidden size, V vocabulary.
 *
 * @param inputs texts and labels without their last tokens
 * @param lengths how many tokens each has with all of its label
 * @param rows which rows of the inputs, laid out one after the other, predict a label's token
 * @param targets the tokens to be predicted there
 */
public record LabelBatch(List<int[]> inputs, List<Integer> lengths, List<Integer> rows, List<Integer> targets) {

    /** Joins each text with its label; the inputs are padded to the longest, (B, T). */
    public static LabelBatch of(List<int[]> texts, List<int[]> labels) {
        var inputs = inputs(texts, labels);
        int width = inputs.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        return of(texts, labels, inputs, b -> b * width);
    }

    /** The same without padding between the inputs. */
    static LabelBatch packed(List<int[]> texts, List<int[]> labels) {
        var inputs = inputs(texts, labels);
        return of(
                texts,
                labels,
                inputs,
                b -> inputs.subList(0, b).stream().mapToInt(ids -> ids.length).sum());
    }

    private static List<int[]> inputs(List<int[]> texts, List<int[]> labels) {
        return IntStream.range(0, texts.size())
                .mapToObj(b -> join(texts.get(b), labels.get(b)))
                .toList();
    }

    private static LabelBatch of(List<int[]> texts, List<int[]> labels, List<int[]> inputs, IntUnaryOperator firstRow) {
        var rows = IntStream.range(0, texts.size())
                .flatMap(b -> IntStream.range(0, labels.get(b).length)
                        .map(token -> firstRow.applyAsInt(b) + texts.get(b).length - 1 + token))
                .boxed()
                .toList();
        return new LabelBatch(
                inputs,
                inputs.stream().map(ids -> ids.length + 1).toList(),
                rows,
                labels.stream().flatMapToInt(Arrays::stream).boxed().toList());
    }

    /** The inputs' pass; for {@code start} and {@code paddedTo} see {@link #attention(List, int[], Past, Integer)}. */
    public Attention attention(@Nullable Past start, @Nullable Integer paddedTo) {
        return attention(inputs, lengths.stream().mapToInt(n -> n).toArray(), start, paddedTo);
    }

    /**
     * A pass over texts.
     *
     * @param lengths of the texts with what comes behind them
     * @param start what stands before every text, or null
     * @param paddedTo the length to which a peer pads on the left and counts positions over the padding; null: positions go on
     *     where the start ends
     */
    static Attention attention(List<int[]> inputs, int[] lengths, @Nullable Past start, @Nullable Integer paddedTo) {
        var attention = Attention.of(inputs.stream().mapToInt(ids -> ids.length).toArray());
        if (start != null) {
            attention = attention.after(start);
        }
        return paddedTo == null
                ? attention
                : attention.skipping(
                        IntStream.of(lengths).map(n -> paddedTo - n).toArray());
    }

    /** Logits at the rows, which are all that the output projection is asked for. (B, T, C) -> (N, V), fp32 */
    public Tensor logits(Backbone backbone, Tensor hidden) {
        Tensor index =
                Tensors.of(rows.stream().mapToInt(row -> row).toArray()).to(hidden.device(), torch.ScalarType.Long);
        return words(backbone, hidden.flatten(0, 1).index_select(0, index)); // (B, T, C) -> (N, C) -> (N, V)
    }

    /** (N, C) -> (N, V), fp32 */
    static Tensor words(Backbone backbone, Tensor rows) {
        return backbone.lmHead(backbone.norm(rows)).to(torch.ScalarType.Float);
    }

    private static int[] join(int[] text, int[] label) {
        int[] joined = Arrays.copyOf(text, text.length + label.length - 1);
        System.arraycopy(label, 0, joined, text.length, label.length - 1);
        return joined;
    }
}
