package dev.attune.training;

import dev.attune.classifier.EncodedDataset;
import dev.attune.classifier.LengthBatches;
import dev.attune.classifier.SequenceClassifier;
import dev.attune.classifier.TextClassifier;
import dev.attune.model.Attention;
import dev.attune.model.Part;
import dev.attune.torch.Tensors;
import dev.attune.training.Objective.Scores;
import dev.attune.training.Objective.Subset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a head reads of each example, (B) examples -> (B, C). The blocks below the first trained one are frozen: their output is
 * computed once per example and kept, or, with only the head trained, just the row that is read.
 */
final class Features implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Features.class);

    private final SequenceClassifier classifier;
    private final EncodedDataset train;
    private final EncodedDataset validation;
    private final Predicate<Part> trained;
    private final SpeedOptions speed;
    private final TrainingOptions options;
    private final int cut;
    private final boolean headOnly;
    private final @Nullable TrunkCache trainTrunk;
    private final @Nullable TrunkCache validationTrunk;

    /**
     * Runs the frozen trunk over both parts, where that pays.
     *
     * @param trained the parts that hold anything trained, and those above them
     * @param validation may be empty
     * @param folder where a trunk's output too large for memory is kept
     */
    Features(
            SequenceClassifier classifier,
            Predicate<Part> trained,
            EncodedDataset train,
            EncodedDataset validation,
            TrainingOptions options,
            SpeedOptions speed,
            Path folder,
            TrainingListener listener) {
        this(classifier, trained, train, validation, options, speed, new Keeping(folder, listener));
    }

    /** Of a run that is only planned: the trunk is not run, and numbers without a meaning stand for its output. */
    static Features planned(
            SequenceClassifier classifier,
            Predicate<Part> trained,
            EncodedDataset train,
            EncodedDataset validation,
            TrainingOptions options,
            SpeedOptions speed) {
        return new Features(classifier, trained, train, validation, options, speed, null);
    }

    /** Where a trunk's output that is too large for memory goes, and who hears of its being computed. */
    private record Keeping(Path folder, TrainingListener listener) {
        Path spill(Subset which) {
            return folder.resolve(which == Subset.TRAIN ? "trunk-train.tmp" : "trunk-validation.tmp");
        }
    }

    private Features(
            SequenceClassifier classifier,
            Predicate<Part> trained,
            EncodedDataset train,
            EncodedDataset validation,
            TrainingOptions options,
            SpeedOptions speed,
            @Nullable Keeping keeping) {
        this.classifier = classifier;
        this.train = train;
        this.validation = validation;
        this.trained = trained;
        this.speed = speed;
        this.options = options;
        this.cut = firstTrainedBlock();
        this.headOnly = cut == classifier.backbone().depth() && !trained.test(Part.of(Part.Kind.NORM));
        boolean cached = speed.trunkCache() && cut > 0;
        if (cached && speed.frozenDropout()) {
            LOG.info("Dropout in the frozen blocks is on: their output changes each time and is not cached.");
            cached = false;
        }
        this.trainTrunk = cached ? cache(Subset.TRAIN, keeping) : null;
        this.validationTrunk = cached && validation.size() > 0 ? cache(Subset.VALIDATION, keeping) : null;
    }

    /** Blocks below it are frozen; 0 where the embeddings are trained, the depth where no block is. */
    private int firstTrainedBlock() {
        if (trained.test(Part.of(Part.Kind.EMBEDDINGS))) {
            return 0;
        }
        int block = 0;
        while (block < classifier.backbone().depth() && !trained.test(Part.block(block))) {
            block++;
        }
        return block;
    }

    private TrunkCache cache(Subset which, @Nullable Keeping keeping) {
        var part = part(which);
        int[] rows = part.lengths();
        if (headOnly) {
            Arrays.fill(rows, 1);
        }
        TrunkCache.Trunk trunk = batch -> {
            Attention attention = attention(part, batch);
            Tensor hidden = trunk(part, batch, attention);
            return headOnly ? hidden.unsqueeze(1) : hidden;
        };
        int width = classifier.backbone().config().hiddenSize();
        return keeping == null
                ? TrunkCache.standIn(trunk, rows, width, classifier.backbone().frozenDtype())
                : TrunkCache.filled(
                        trunk,
                        rows,
                        part.lengths(),
                        width,
                        classifier.backbone().frozenDtype(),
                        speed.evalTokens(),
                        (long) speed.trunkCacheMemory() << 20,
                        keeping.spill(which),
                        keeping.listener());
    }

    /** The passes that fill the caches. */
    List<Pass> preparation() {
        return Stream.of(Subset.values()).flatMap(this::trunkPasses).toList();
    }

    private Stream<Pass> trunkPasses(Subset which) {
        TrunkCache cache = which == Subset.TRAIN ? trainTrunk : validationTrunk;
        if (cache == null) {
            return Stream.of();
        }
        int[] lengths = part(which).lengths();
        return LengthBatches.all(lengths, speed.evalTokens()).stream()
                .map(batch -> new Pass(batch.length, lengths[batch[0]], () -> cache.compute(batch))); // longest first
    }

    /** The passes that score texts by this classifier's head. */
    PlannedObjective.Scoring scoring() {
        classifier.dropout(any -> false);
        return new PlannedObjective.Scoring() {
            @Override
            public List<Pass> evaluation(Subset which, int batches) {
                return scores(which, Features.this::probabilities).passes(batches, options);
            }

            @Override
            public List<Pass> test(EncodedDataset texts) {
                return new PartScores(
                                texts,
                                classifier.labels(),
                                TextClassifier.TOKENS,
                                0,
                                batch -> SequenceClassifier.probabilities(classifier.logits(rows(texts, batch))))
                        .passes(0, options);
            }
        };
    }

    private double[][] probabilities(Tensor features) {
        return SequenceClassifier.probabilities(classifier.logits(features));
    }

    EncodedDataset part(Subset which) {
        return which == Subset.TRAIN ? train : validation;
    }

    /** In training mode, with a graph behind what is trained. (B) training examples -> (B, C) */
    Tensor trained(int[] batch) {
        classifier.dropout(part -> trained.test(part) ? speed.dropout() : speed.frozenDropout());
        return of(Subset.TRAIN, batch);
    }

    /**
     * In evaluation mode, in batches of like length: what {@code use} makes of the features (B, C), a row for each example.
     */
    double[][] evaluated(Subset which, int[] examples, Function<Tensor, double[][]> use) {
        return scores(which, use).evaluated(examples);
    }

    /** Scores a part, or a sample of it; see {@link PartScores#of}. */
    Scores scores(Subset which, int batches) {
        return scores(which, this::probabilities).of(batches, options);
    }

    private PartScores scores(Subset which, Function<Tensor, double[][]> use) {
        classifier.dropout(any -> false);
        return new PartScores(
                part(which), classifier.labels(), speed.evalTokens(), 0, batch -> use.apply(of(which, batch)));
    }

    private Tensor of(Subset which, int[] batch) {
        EncodedDataset part = part(which);
        TrunkCache cache = which == Subset.TRAIN ? trainTrunk : validationTrunk;
        Attention attention = attention(part, batch);
        if (cut == 0) {
            Tensor x = classifier.backbone().embed(ids(part, batch), attention.positions());
            return classifier.features(x, attention, 0);
        }
        Tensor below;
        if (cache == null) {
            below = frozenTrunk(part, batch, attention);
        } else {
            Tensor rows = cache.rows(batch).to(classifier.device(), torch.ScalarType.Float);
            below = headOnly ? rows.squeeze(1) : rows;
        }
        return headOnly ? below : classifier.features(below, attention, cut);
    }

    @SuppressWarnings("try") // the guard is there for what it does
    private Tensor frozenTrunk(EncodedDataset part, int[] batch, Attention attention) {
        try (var noGrad = new NoGradGuard()) {
            return trunk(part, batch, attention);
        }
    }

    /** What the cache keeps: hidden states at the cut (B, T, C), or with only the head trained the read row (B, C). */
    private Tensor trunk(EncodedDataset part, int[] batch, Attention attention) {
        Tensor ids = ids(part, batch);
        if (headOnly) {
            Tensor x = classifier.backbone().embed(ids, attention.positions());
            return classifier.features(x, attention, 0);
        }
        return classifier.trunk(ids, attention, cut);
    }

    private static Tensor ids(EncodedDataset part, int[] batch) {
        return Tensors.padded(rows(part, batch));
    }

    private static Attention attention(EncodedDataset part, int[] batch) {
        return Attention.of(
                rows(part, batch).stream().mapToInt(ids -> ids.length).toArray());
    }

    private static List<int[]> rows(EncodedDataset part, int[] batch) {
        return Arrays.stream(batch).mapToObj(part::ids).toList();
    }

    @Override
    public void close() {
        for (TrunkCache cache : new TrunkCache[] {trainTrunk, validationTrunk}) {
            if (cache != null) {
                cache.close();
            }
        }
    }
}
