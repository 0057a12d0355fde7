package dev.attune.training;

import dev.attune.classifier.EncodedDataset;
import dev.attune.classifier.LabelBatch;
import dev.attune.classifier.LabelScorer;
import dev.attune.classifier.SequenceClassifier;
import dev.attune.model.Blocks;
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

/**
 * Cross-entropy of a causal language model on the labels' tokens; what stands before them is not scored. A unit is a scored
 * token, so that long labels weigh as they do in one large batch, however it is cut.
 */
public final class LabelObjective implements Objective {
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
        var joined = LabelBatch.of(
                texts(train, batch), Arrays.stream(batch).mapToObj(this::label).toList());
        int[] tokens = joined.targets().stream().mapToInt(token -> token).toArray();
        Tensor targets = Tensors.of(tokens); // (N)
        var correct = new AtomicInteger();
        UnaryOperator<Tensor> head = hidden -> {
            Tensor logits = joined.logits(scorer.backbone(), hidden); // (B, T, C) -> (N, V)
            Tensor likeliest = torch.argmax(logits, new LongOptional(1), false);
            correct.set((int) likeliest.cpu().eq(targets).sum().item_long());
            var sum = new CrossEntropyLossOptions();
            sum.reduction().put(new kSum());
            return torch.cross_entropy(logits, targets.to(logits.device(), torch.ScalarType.Long), sum);
        };
        return new BatchLoss(
                speed.gradientCheckpointing() ? checkpointed(joined, head) : plain(joined, head), correct.get());
    }

    private Tensor plain(LabelBatch batch, UnaryOperator<Tensor> head) {
        var backbone = scorer.backbone();
        var attention = batch.attention(scorer.start(), scorer.paddedTo());
        Tensor x = backbone.embed(SequenceClassifier.ids(batch.inputs()), attention.positions());
        return head.apply(Blocks.run(backbone, x, attention, 0, backbone.depth()));
    }

    private Tensor checkpointed(LabelBatch batch, UnaryOperator<Tensor> head) {
        var backbone = scorer.backbone();
        var checkpointing = new GradientCheckpointing(backbone, inBlocks(), scorer.start());
        var attention = batch.attention(checkpointing.past(), scorer.paddedTo());
        Tensor x = backbone.embed(SequenceClassifier.ids(batch.inputs()), attention.positions());
        return checkpointing.loss(x, attention, head);
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
        EncodedDataset part = which == Subset.TRAIN ? train : validation;
        scorer.dropout(any -> false);
        try (var scope = new PointerScope()) {
            var ready = scorer.ready();
            return new PartScores(
                            part,
                            scorer.labels(),
                            speed.evalTokens(),
                            batch -> SequenceClassifier.probabilities(ready.logits(texts(part, batch))))
                    .of(batches, options);
        }
    }
}
