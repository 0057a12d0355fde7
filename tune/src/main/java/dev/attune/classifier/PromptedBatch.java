package dev.attune.classifier;

import dev.attune.model.Attention;
import dev.attune.model.Backbone;
import dev.attune.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Texts with their labels behind virtual tokens, in one pass without padding: the virtual tokens and the words that all texts begin
 * with stand once, and one text after the other behind them.
 *
 * <p>Shapes: P virtual tokens, S rows that stand once, N rows in all, R rows that predict a label's token, C hidden size, V
 * vocabulary.
 *
 * @param rest the texts with their labels, without the words they share
 * @param beginning those words
 * @param virtual P
 */
public record PromptedBatch(LabelBatch rest, List<Integer> beginning, int virtual) {

    /**
     * Joins each text with its label, behind so many virtual tokens.
     *
     * @param share whether words that all texts begin with stand once; the last word of a text never does
     */
    public static PromptedBatch of(List<int[]> texts, List<int[]> labels, int virtual, boolean share) {
        int shared = share && texts.size() > 1 ? alike(texts) : 0;
        var rest = texts.stream()
                .map(ids -> Arrays.copyOfRange(ids, shared, ids.length))
                .toList();
        var beginning = Arrays.stream(texts.get(0), 0, shared).boxed().toList();
        return new PromptedBatch(LabelBatch.packed(rest, labels), beginning, virtual);
    }

    private static int alike(List<int[]> texts) {
        int[] first = texts.get(0);
        int most = texts.stream().mapToInt(ids -> ids.length - 1).min().orElse(0);
        return (int) IntStream.range(0, most)
                .takeWhile(i -> texts.stream().allMatch(ids -> ids[i] == first[i]))
                .count();
    }

    /** The pass; for {@code paddedTo} see {@link LabelBatch#attention}. */
    public Attention attention(@Nullable Integer paddedTo) {
        int once = beginning.size();
        var attention = Attention.sharing(
                virtual + once,
                rest.inputs().stream().mapToInt(ids -> ids.length).toArray());
        return paddedTo == null
                ? attention
                : attention.skipping(rest.lengths().stream()
                        .mapToInt(n -> paddedTo - n - once)
                        .toArray());
    }

    /** R: the rows that a label's token is predicted at, which are all that the last block has to give. */
    public int[] rows() {
        return rest.rows().stream()
                .mapToInt(row -> virtual + beginning.size() + row)
                .toArray();
    }

    /**
     * What enters the first block.
     *
     * @param vectors the virtual tokens' (P, C)
     * @return (1, N, C)
     */
    public Tensor embed(Backbone backbone, Tensor vectors, Attention attention) {
        int[] ids = IntStream.concat(
                        beginning.stream().mapToInt(id -> id),
                        rest.inputs().stream().flatMapToInt(Arrays::stream))
                .toArray();
        Tensor words = backbone.words(Tensors.of(new int[][] {ids})); // (1, N - P, C)
        Tensor all = torch.cat(
                new TensorVector(vectors.to(words.device(), words.scalar_type()).unsqueeze(0), words), 1);
        return backbone.embedWords(all, attention.positions()); // (1, N, C)
    }

    /** What predicts the labels' tokens, of the {@linkplain #rows rows} read. (1, R, C) -> (R, V), fp32 */
    public Tensor logits(Backbone backbone, Tensor read) {
        return LabelBatch.words(backbone, read.squeeze(0));
    }
}
