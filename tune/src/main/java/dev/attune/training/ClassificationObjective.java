package dev.attune.training;

import dev.attune.classifier.EncodedDataset;
import dev.attune.classifier.SequenceClassifier;
import dev.attune.model.Part;
import dev.attune.torch.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bytedeco.pytorch.CrossEntropyLossOptions;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.kSum;

/** Cross-entropy of a classification head. */
public final class ClassificationObjective implements PlannedObjective {
    private final SequenceClassifier classifier;
    private final Features features;
    private final EncodedDataset train;

    /**
     * Prepares training and, where that pays, runs the frozen trunk over both parts.
     *
     * @param trained the parts that hold anything trained, and those above them
     * @param validation may be empty
     * @param folder where a trunk's output too large for memory is kept
     */
    public ClassificationObjective(
            SequenceClassifier classifier,
            Predicate<Part> trained,
            EncodedDataset train,
            EncodedDataset validation,
            TrainingOptions options,
            SpeedOptions speed,
            Path folder,
            TrainingListener listener) {
        this(classifier, train, new Features(classifier, trained, train, validation, options, speed, folder, listener));
    }

    /** Of a run that is only planned: it computes as long as the run would, but nothing of use. */
    public static ClassificationObjective planned(
            SequenceClassifier classifier,
            Predicate<Part> trained,
            EncodedDataset train,
            EncodedDataset validation,
            TrainingOptions options,
            SpeedOptions speed) {
        var features = Features.planned(classifier, trained, train, validation, options, speed);
        return new ClassificationObjective(classifier, train, features);
    }

    private ClassificationObjective(SequenceClassifier classifier, EncodedDataset train, Features features) {
        this.classifier = classifier;
        this.train = train;
        this.features = features;
    }

    @Override
    public Map<String, Tensor> parameters() {
        return classifier.trained();
    }

    @Override
    public int[] lengths() {
        return train.lengths();
    }

    @Override
    public int units(int[] batch) {
        return batch.length;
    }

    @Override
    public BatchLoss loss(int[] batch) {
        Tensor logits = classifier.logits(features.trained(batch)); // (B, labels)
        Tensor labels = Tensors.of(Arrays.stream(batch).map(train::label).toArray())
                .to(logits.device(), torch.ScalarType.Long); // (B)
        var sum = new CrossEntropyLossOptions();
        sum.reduction().put(new kSum());
        Tensor loss = torch.cross_entropy(logits, labels, sum);
        long correct = torch.argmax(logits, new LongOptional(1), false)
                .eq(labels)
                .sum()
                .item_long();
        return new BatchLoss(loss, (int) correct);
    }

    @Override
    public boolean hasValidation() {
        return features.part(Subset.VALIDATION).size() > 0;
    }

    @Override
    public Scores evaluate(Subset which, int batches) {
        return features.scores(which, batches);
    }

    @Override
    public List<Pass> preparation() {
        return features.preparation();
    }

    @Override
    public Scoring scoring() {
        return features.scoring();
    }

    @Override
    public void close() {
        features.close();
    }
}
