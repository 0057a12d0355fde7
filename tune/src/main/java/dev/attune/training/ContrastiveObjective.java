package dev.attune.training;

import dev.attune.classifier.EncodedDataset;
import dev.attune.classifier.Reading;
import dev.attune.classifier.SequenceClassifier;
import dev.attune.model.Part;
import dev.attune.torch.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Contrastive tuning for few labels, SetFit (Tunstall et al. 2022, "Efficient Few-Shot Learning Without Prompts"): the encoder
 * learns that texts of one label have like embeddings (the mean of their tokens), then a logistic regression on the embeddings
 * becomes the classification head.
 *
 * <p>Examples are pairs of training texts; a pair's loss is (cosine similarity - target)², target 1 for one label and 0 for two,
 * as sentence-transformers' CosineSimilarityLoss has it. A text that stands in several pairs of a batch is encoded once.
 * Evaluations are of the classifier: the regression is fitted to the encoder as it is, and texts are scored.
 */
public final class ContrastiveObjective implements PlannedObjective {
    private final SequenceClassifier classifier;
    private final Features features;
    private final EncodedDataset train;
    private final List<SentencePair> pairs;
    /** Whether the head was fitted since the last training batch. */
    private boolean fitted;

    /**
     * Draws the pairs and, where that pays, runs the frozen trunk over both parts.
     *
     * @param classifier reads the mean
     * @param trained the parts that hold anything trained, and those above them; the head, fitted, is one
     * @param validation may be empty
     * @param folder where a trunk's output too large for memory is kept
     * @throws dev.attune.files.InputException where there are too many texts to pair
     */
    public ContrastiveObjective(
            SequenceClassifier classifier,
            Predicate<Part> trained,
            EncodedDataset train,
            EncodedDataset validation,
            ContrastiveOptions contrastive,
            TrainingOptions options,
            SpeedOptions speed,
            Path folder,
            TrainingListener listener) {
        this(
                classifier,
                SentencePair.draw(train.labels(), contrastive, options.seed()),
                train,
                new Features(classifier, trained, train, validation, options, speed, folder, listener));
    }

    /** Of a run that is only planned: it computes as long as the run would, but nothing of use. */
    public static ContrastiveObjective planned(
            SequenceClassifier classifier,
            Predicate<Part> trained,
            EncodedDataset train,
            EncodedDataset validation,
            ContrastiveOptions contrastive,
            TrainingOptions options,
            SpeedOptions speed) {
        return new ContrastiveObjective(
                classifier,
                SentencePair.draw(train.labels(), contrastive, options.seed()),
                train,
                Features.planned(classifier, trained, train, validation, options, speed));
    }

    ContrastiveObjective(
            SequenceClassifier classifier, List<SentencePair> pairs, EncodedDataset train, Features features) {
        if (classifier.reading() != Reading.MEAN) {
            throw new IllegalArgumentException("The embedding is the mean of the tokens, not " + classifier.reading());
        }
        this.classifier = classifier;
        this.pairs = pairs;
        this.train = train;
        this.features = features;
    }

    @Override
    public Map<String, Tensor> parameters() {
        var encoder = new LinkedHashMap<>(classifier.trained());
        encoder.keySet().removeIf(name -> {
            Part.Kind kind = classifier.backbone().part(name).kind();
            return kind == Part.Kind.HEAD || kind == Part.Kind.POOLER;
        });
        return encoder;
    }

    /** Tokens of each pair: both texts as long as the longer one. */
    @Override
    public int[] lengths() {
        int[] texts = train.lengths();
        return pairs.stream()
                .mapToInt(pair -> 2 * Math.max(texts[pair.first()], texts[pair.second()]))
                .toArray();
    }

    @Override
    public int units(int[] batch) {
        return batch.length;
    }

    @Override
    public BatchLoss loss(int[] batch) {
        fitted = false;
        var ofBatch = Arrays.stream(batch).mapToObj(pairs::get).toList();
        int[] texts = ofBatch.stream()
                .flatMapToInt(pair -> IntStream.of(pair.first(), pair.second()))
                .distinct()
                .toArray();
        Tensor embeddings = features.trained(texts); // (texts, C)
        Tensor cosine = torch.cosine_similarity(
                rows(embeddings, texts, ofBatch, SentencePair::first),
                rows(embeddings, texts, ofBatch, SentencePair::second)); // (B)
        boolean[] same = new boolean[batch.length];
        for (int i = 0; i < same.length; i++) {
            same[i] = ofBatch.get(i).sameLabel();
        }
        Tensor target = Tensors.of(same).to(cosine.device(), torch.ScalarType.Bool); // (B)
        Tensor sum = cosine.sub(target.to(cosine.scalar_type())).square().sum();
        long correct = cosine.gt(new Scalar(0.5)).eq(target).sum().item_long();
        return new BatchLoss(sum, (int) correct);
    }

    /** The embeddings of the pairs' first or second texts. (texts, C) -> (B, C) */
    private static Tensor rows(
            Tensor embeddings, int[] texts, List<SentencePair> batch, ToIntFunction<SentencePair> of) {
        var rowOf = new HashMap<Integer, Integer>();
        for (int row = 0; row < texts.length; row++) {
            rowOf.put(texts[row], row);
        }
        int[] rows = batch.stream().mapToInt(of).map(rowOf::get).toArray();
        return embeddings.index_select(0, Tensors.of(rows).to(embeddings.device(), torch.ScalarType.Long));
    }

    @Override
    public boolean hasValidation() {
        return features.part(Subset.VALIDATION).size() > 0;
    }

    @Override
    public Scores evaluate(Subset which, int batches) {
        if (!fitted) {
            fitHead();
        }
        return features.scores(which, batches);
    }

    @Override
    public List<Pass> preparation() {
        return features.preparation();
    }

    /** With the passes that embed all training texts, to which the head is fitted before texts are scored. */
    @Override
    public Scoring scoring() {
        var scoring = features.scoring();
        return new Scoring() {
            @Override
            public List<Pass> evaluation(Subset which, int batches) {
                var passes = new ArrayList<>(scoring.evaluation(which, batches));
                if (which == Subset.TRAIN) {
                    passes.addAll(scoring.evaluation(which, 0));
                }
                return passes;
            }

            @Override
            public List<Pass> test(EncodedDataset texts) {
                return scoring.test(texts);
            }
        };
    }

    @Override
    public void complete() {
        fitHead();
    }

    /** The head becomes the logistic regression on the training texts' embeddings. */
    @SuppressWarnings("try") // the scope is there for what it does
    private void fitHead() {
        double[][] embeddings = features.evaluated(
                Subset.TRAIN, IntStream.range(0, train.size()).toArray(), SequenceClassifier::rows);
        var head =
                new LinkedHashMap<Long, Tensor>(); // by their number of dimensions: weight (labels, C), bias (labels)
        classifier.backbone().state().forEach((name, tensor) -> {
            if (classifier.backbone().part(name).kind() == Part.Kind.HEAD) {
                head.put(tensor.dim(), tensor);
            }
        });
        Tensor weight = Objects.requireNonNull(head.get(2L));
        try (var scope = new PointerScope()) {
            LogisticRegression.fit(Tensors.of(embeddings), Tensors.of(train.labels()), weight, head.get(1L));
        }
        fitted = true;
    }

    @Override
    public void close() {
        features.close();
    }
}
