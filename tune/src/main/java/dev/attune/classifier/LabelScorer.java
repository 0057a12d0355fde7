package dev.attune.classifier;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.attune.data.LabelSet;
import dev.attune.model.Attention;
import dev.attune.model.Backbone;
import dev.attune.model.Blocks;
import dev.attune.model.Part;
import dev.attune.model.Past;
import dev.attune.peft.Lora;
import dev.attune.peft.TextContext;
import dev.attune.peft.VirtualTokens;
import dev.attune.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A language model, causal or an encoder-decoder, that answers with one of the labels' words: each label's log-likelihood after a
 * text. The text goes through the model once, and the labels' tokens behind it as one tree.
 *
 * <p>Shapes: B texts, T tokens of the longest, N nodes of the tree, S steps, C hidden size, V vocabulary. Callers open the
 * {@code PointerScope} around a pass.
 *
 * @param virtual what stands before every text, or null
 * @param adapter attached to the backbone, or null
 */
public record LabelScorer(
        Backbone backbone,
        @Nullable VirtualTokens virtual,
        @Nullable Lora adapter,
        LabelTemplate template,
        LabelSet labels,
        Settings settings)
        implements AutoCloseable {
    /**
     * How log-likelihoods become scores.
     *
     * @param calibrate whether a label's score after texts without content is taken off (contextual calibration, Zhao et al. 2021,
     *     "Calibrate Before Use")
     * @param peftPositions whether a text's positions are counted over padding on its left up to the template's longest length, as
     *     peft does with batches that are padded so
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Settings(LabelScoring scoring, boolean calibrate, boolean peftPositions) {}

    /** The texts of Zhao et al. that say nothing of any label. */
    private static final List<String> CONTENT_FREE = List.of("N/A", "[MASK]", "");

    /**
     * Logits at the most at once, 24 MB in fp32. The system gives and takes back whatever is larger than 32 MB each time, page by page: a
     * quarter of the time went into that.
     */
    private static final long LOGITS = 6_000_000;

    /** What is trained, under its names in the adapter's file. */
    public Map<String, Tensor> trained() {
        if (virtual != null) {
            return virtual.parameters();
        }
        return adapter == null ? Map.of() : adapter.parameters();
    }

    /** Turns dropout on in exactly these parts, at the rates of config.json and of the adapter. */
    public void dropout(Predicate<Part> on) {
        backbone.dropout(on);
        if (adapter != null) {
            adapter.dropout(on);
        }
    }

    /**
     * The virtual tokens' keys and values, with a graph to them; null where there are none, and where an encoder reads the virtual
     * tokens with each text.
     */
    public @Nullable Past start() {
        return virtual == null ? null : virtual.start(backbone);
    }

    /** How texts come before the labels, with a graph to what is trained. */
    public TextContext context(List<int[]> texts) {
        return TextContext.of(backbone, virtual, texts);
    }

    /** The length that peers pad to, where their positions are wanted; see {@link LabelBatch#attention}. */
    public @Nullable Integer paddedTo() {
        return settings.peftPositions() && backbone.encoder().isEmpty()
                ? template.settings().maxLength()
                : null;
    }

    /** Tokens that go through the model for a text of so many, the labels' after it counted. */
    public int tokens(int text) {
        return text + template.tree().nodes().size();
    }

    /**
     * What each label scores after each text.
     *
     * @param texts as the template encodes them
     * @param start what {@link #start} gave
     * @return (B, labels), fp32
     */
    public Tensor scores(List<int[]> texts, @Nullable Past start) {
        var tree = template.tree();
        int last = backbone.depth() - 1;
        var context = context(texts);
        int[] lengths = context.opening().stream()
                .mapToInt(ids -> ids.length + template.longestLabel())
                .toArray();
        var attention = context.attending(LabelBatch.attention(context.opening(), lengths, start, paddedTo()))
                .keeping();
        Tensor x = backbone.embed(Tensors.padded(context.opening()), attention.positions()); // (B, T, C)
        x = Blocks.run(backbone, x, attention, 0, last);
        x = backbone.block(last, x, attention.reading(attention.lastRows())); // (B, T, C) -> (B, 1, C)
        if (!tree.nodes().isEmpty()) {
            x = torch.cat(new TensorVector(x, nodes(tree, context, attention.past())), 1); // (B, 1 + N, C)
        }
        Tensor steps = logLikelihoods(backbone.norm(x), tree.asked()); // (B, S)
        return torch.matmul(steps, paths(tree).to(steps.device(), torch.ScalarType.Float)); // (B, labels)
    }

    /**
     * What scores any number of batches: made once, without a graph, in the scope and for as long as the parameters stay.
     *
     * @param start the virtual tokens' keys and values, or null
     * @param beginning the words that the template puts before every text, with their keys and values behind the start's
     * @param prior what each label scores after texts without content (labels); null where that is not taken off
     */
    public record Ready(
            LabelScorer scorer,
            @Nullable Past start,
            @Nullable Beginning beginning,
            @Nullable Tensor prior) {
        /** The labels' scores: their softmax is what is likely. (B, labels) */
        public Tensor logits(List<int[]> texts) {
            Tensor scores = beginning != null && texts.stream().allMatch(beginning::leads)
                    ? scorer.scores(texts.stream().map(beginning::cut).toList(), beginning.past())
                    : scorer.scores(texts, start);
            return prior == null ? scores : scores.sub(prior);
        }
    }

    /** Words that texts begin with, and what they leave behind after the virtual tokens. */
    record Beginning(List<Integer> ids, Past past) {
        /** Whether a text begins with them and goes on. */
        boolean leads(int[] text) {
            return text.length > ids.size() && IntStream.range(0, ids.size()).allMatch(i -> text[i] == ids.get(i));
        }

        int[] cut(int[] text) {
            return Arrays.copyOfRange(text, ids.size(), text.length);
        }
    }

    /** Null where the template puts no words first, or positions are counted over padding that differs. */
    private @Nullable Beginning beginning(@Nullable Past start) {
        int[] ids = template.beginning();
        if (ids.length == 0 || paddedTo() != null || backbone.encoder().isPresent()) {
            return null;
        }
        var attention = LabelBatch.attention(List.of(ids), new int[] {ids.length}, start, null)
                .keeping();
        Tensor x = backbone.embed(Tensors.padded(List.of(ids)), attention.positions()); // (1, S, C)
        Blocks.run(backbone, x, attention);
        return new Beginning(Arrays.stream(ids).boxed().toList(), attention.past());
    }

    /** Prepares scoring with the parameters as they are. */
    @SuppressWarnings("try") // the guard is there for what it does
    public Ready ready() {
        try (var noGrad = new NoGradGuard()) {
            Past start = start();
            var beginning = beginning(start);
            if (!settings.calibrate()) {
                return new Ready(this, start, beginning, null);
            }
            Tensor probabilities = scores(template.encode(CONTENT_FREE), start).softmax(1); // (texts, labels)
            return new Ready(this, start, beginning, probabilities.mean(0).log());
        }
    }

    /** The tree's nodes behind the texts. (B, N, C) */
    private Tensor nodes(LabelTree tree, TextContext context, Past texts) {
        int[] row = tree.nodes().stream().mapToInt(token -> token).toArray();
        int[][] ids = new int[context.opening().size()][];
        Arrays.fill(ids, row);
        int[] lengths = new int[ids.length];
        Arrays.fill(lengths, row.length);
        var attention = context.attending(Attention.of(lengths))
                .after(texts)
                .branching(tree.parents().stream().mapToInt(node -> node).toArray());
        Tensor x = backbone.embed(Tensors.of(ids), attention.positions()); // (B, N, C)
        return Blocks.run(backbone, x, attention);
    }

    /** Of each step's token after its row. (B, 1 + N, C) -> (B, S) */
    @SuppressWarnings("try") // the scope frees a slice's logits
    private Tensor logLikelihoods(Tensor rows, LabelTree.Asked steps) {
        Tensor asked = index(steps.tokens().stream().flatMap(List::stream), rows)
                .view(rows.size(1), -1) // (1 + N, K)
                .repeat(rows.size(0), 1); // (1 + N, K) -> (B (1 + N), K)
        Tensor flat = rows.flatten(0, 1); // (B, 1 + N, C) -> (B (1 + N), C)
        long slice = Math.max(1, LOGITS / backbone.config().vocabSize());
        var parts = new TensorVector();
        for (long from = 0; from < flat.size(0); from += slice) {
            long width = Math.min(slice, flat.size(0) - from);
            try (var scope = new PointerScope()) {
                Tensor logits = backbone.lmHead(flat.narrow(0, from, width)).to(torch.ScalarType.Float); // (b, V)
                parts.push_back(
                        logits.gather(1, asked.narrow(0, from, width)).sub(logits.logsumexp(new long[] {1}, true)));
            }
        }
        return torch.cat(parts) // (B (1 + N), K)
                .view(rows.size(0), -1)
                .index_select(1, index(steps.places().stream(), rows));
    }

    private static Tensor index(Stream<Integer> numbers, Tensor like) {
        return Tensors.of(numbers.mapToInt(number -> number).toArray()).to(like.device(), torch.ScalarType.Long);
    }

    /** How much each step counts for each label. (S, labels) */
    private Tensor paths(LabelTree tree) {
        int count = tree.labels().size();
        float[] weights = new float[tree.steps().size() * count];
        for (int label = 0; label < count; label++) {
            List<Integer> path = tree.labels().get(label);
            for (int step : path) {
                weights[step * count + label] = settings.scoring() == LabelScoring.SUM ? 1 : 1f / path.size();
            }
        }
        return Tensors.of(weights, tree.steps().size(), count);
    }

    @Override
    public void close() {
        template.close();
        if (virtual != null) {
            virtual.close();
        }
        if (adapter != null) {
            adapter.close();
        }
        backbone.close();
    }
}
