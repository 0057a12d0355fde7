package dev.attune.training;

import dev.attune.classifier.EncodedDataset;
import dev.attune.classifier.LabelBatch;
import dev.attune.classifier.LabelScorer;
import dev.attune.classifier.PromptedBatch;
import dev.attune.classifier.SequenceClassifier;
import dev.attune.classifier.TextClassifier;
import dev.attune.model.Attention;
import dev.attune.model.Blocks;
import dev.attune.model.Past;
import dev.attune.peft.EncoderBatch;
import dev.attune.peft.TextContext;
import dev.attune.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.CrossEntropyLossOptions;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.kSum;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy of a language model on the labels' tokens; what stands before them is not scored. A unit is a scored
 * token, so that long labels weigh as they do in one large batch, however it is cut.
 */
public final class LabelObjective implements PlannedObjective {
    private final LabelScorer scorer;
    private final Map<String, Tensor> parameters;
    private final EncodedDataset train;
    private final EncodedDataset validation;
    private final TrainingOptions options;
    private final SpeedOptions speed;

    /**
     * Prepares training.
     *
     * @param train texts as the scorer's template encodes them
     * @param validation may be empty
     */
    public LabelObjective(
            LabelScorer scorer,
            EncodedDataset train,
            EncodedDataset validation,
            TrainingOptions options,
            SpeedOptions speed) {
        this.scorer = scorer;
        this.parameters = scorer.trained();
        this.train = train;
        this.validation = validation;
        this.options = options;
        this.speed = speed;
    }

    @Override
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public int[] lengths() {
        int[] lengths = train.lengths();
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] += label(i).length;
        }
        return lengths;
    }

    @Override
    public int units(int[] batch) {
        return Arrays.stream(batch).map(i -> label(i).length).sum();
    }

    private int[] label(int example) {
        return scorer.template().labels().get(train.label(example));
    }

    @Override
    public BatchLoss loss(int[] batch) {
        var updated = scorer.adapter() == null ? Set.of() : scorer.adapter().parts();
        scorer.dropout(part -> updated.contains(part) ? speed.dropout() : speed.frozenDropout());
        var texts = texts(train, batch);
        var labels = Arrays.stream(batch).mapToObj(this::label).toList();
        var encoder = scorer.backbone().encoder();
        if (encoder.isPresent() && speed.gradientCheckpointing()) {
            return checkpointed(EncoderBatch.of(encoder.get(), scorer.virtual(), texts), labels);
        }
        var virtual = scorer.virtual();
        boolean joined = speed.joinedPrompt() && encoder.isEmpty();
        Tensor vectors = virtual != null && joined ? virtual.embeddings() : null;
        return vectors == null ? loss(scorer.context(texts), labels) : loss(texts, labels, vectors);
    }

    /** Through an encoder whose blocks keep no graph, as those of the decoder do. */
    private BatchLoss checkpointed(EncoderBatch texts, List<int[]> labels) {
        if (inBlocks().isEmpty() && !texts.hidden().requires_grad()) {
            return loss(texts.context(texts.run()), labels); // a prefix: nothing below the decoder is trained
        }
        var correct = new AtomicInteger();
        Tensor sum = new GradientCheckpointing(texts.encoder(), inBlocks())
                .loss(texts.hidden(), texts.attention(), texts.attention(), top -> {
                    var loss = loss(texts.context(top), labels);
                    correct.set(loss.correct());
                    return loss.sum();
                });
        return new BatchLoss(sum, correct.get());
    }

    private BatchLoss loss(TextContext context, List<int[]> labels) {
        var backbone = scorer.backbone();
        var batch = LabelBatch.of(context.opening(), labels);
        Past start = scorer.start();
        var checkpointing = speed.gradientCheckpointing() ? new GradientCheckpointing(backbone, inBlocks()) : null;
        Past memory = context.memory();
        if (checkpointing != null) {
            start = checkpointing.join(start);
            memory = checkpointing.join(memory);
        }
        var attention = batch.attention(start, scorer.paddedTo());
        attention = memory == null ? attention : attention.attending(memory);
        Tensor x = backbone.embed(Tensors.padded(batch.inputs()), attention.positions());
        return loss(x, attention, attention, checkpointing, batch.targets(), hidden -> batch.logits(backbone, hidden));
    }

    /** Behind vectors of virtual tokens. */
    private BatchLoss loss(List<int[]> texts, List<int[]> labels, Tensor vectors) {
        var backbone = scorer.backbone();
        Integer paddedTo = scorer.paddedTo();
        // Peers' positions differ from text to text; dropout falls on each text's words apart.
        boolean share = paddedTo == null && !speed.frozenDropout();
        var batch = PromptedBatch.of(texts, labels, Math.toIntExact(vectors.size(0)), share);
        var attention = batch.attention(paddedTo);
        Tensor x = batch.embed(backbone, vectors, attention); // (1, N, C)
        var checkpointing = speed.gradientCheckpointing() ? new GradientCheckpointing(backbone, List.of()) : null;
        var last = attention.reading(batch.rows());
        return loss(x, attention, last, checkpointing, batch.rest().targets(), read -> batch.logits(backbone, read));
    }

    private BatchLoss loss(
            Tensor x,
            Attention attention,
            Attention last,
            @Nullable GradientCheckpointing checkpointing,
            List<Integer> tokens,
            UnaryOperator<Tensor> project) {
        var backbone = scorer.backbone();
        Tensor targets = Tensors.of(tokens.stream().mapToInt(token -> token).toArray()); // (N)
        var correct = new AtomicInteger();
        UnaryOperator<Tensor> head = hidden -> {
            Tensor logits = project.apply(hidden); // (B, R, C) -> (N, V)
            Tensor likeliest = torch.argmax(logits, new LongOptional(1), false);
            correct.set((int) likeliest.cpu().eq(targets).sum().item_long());
            var sum = new CrossEntropyLossOptions();
            sum.reduction().put(new kSum());
            return torch.cross_entropy(logits, targets.to(logits.device(), torch.ScalarType.Long), sum);
        };
        Tensor sum = checkpointing == null
                ? head.apply(Blocks.run(backbone, x, attention, last))
                : checkpointing.loss(x, attention, last, head);
        return new BatchLoss(sum, correct.get());
    }

    /** What is trained of the blocks themselves; virtual tokens are reached through the past. */
    private List<Tensor> inBlocks() {
        return scorer.virtual() == null ? List.copyOf(parameters.values()) : List.of();
    }

    private static List<int[]> texts(EncodedDataset part, int[] batch) {
        return Arrays.stream(batch).mapToObj(part::ids).toList();
    }

    @Override
    public boolean hasValidation() {
        return validation.size() > 0;
    }

    @Override
    @SuppressWarnings("try") // the scope frees what was made ready
    public Scores evaluate(Subset which, int batches) {
        scorer.dropout(any -> false);
        try (var scope = new PointerScope()) {
            return scores(part(which), scorer.ready(), speed.evalTokens()).of(batches, options);
        }
    }

    private EncodedDataset part(Subset which) {
        return which == Subset.TRAIN ? train : validation;
    }

    private PartScores scores(EncodedDataset part, LabelScorer.Ready ready, int tokens) {
        return new PartScores(
                part,
                scorer.labels(),
                tokens,
                scorer.tokens(0),
                batch -> SequenceClassifier.probabilities(ready.logits(texts(part, batch))));
    }

    /** None: what is trained stands before the first block, or in it. */
    @Override
    public List<Pass> preparation() {
        return List.of();
    }

    @Override
    public Scoring scoring() {
        scorer.dropout(any -> false);
        var ready = scorer.ready();
        return new Scoring() {
            @Override
            public List<Pass> evaluation(Subset which, int batches) {
                return scores(part(which), ready, speed.evalTokens()).passes(batches, options);
            }

            @Override
            public List<Pass> test(EncodedDataset texts) {
                return scores(texts, ready, TextClassifier.TOKENS).passes(0, options);
            }
        };
    }
}
