package dev.attune.training;

import static dev.attune.model.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.classifier.EncodedDataset;
import dev.attune.classifier.Reading;
import dev.attune.classifier.SequenceClassifier;
import dev.attune.data.LabelSet;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.torch.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against SetFit's loop as scripts/make_contrastive_golden.py has it, in fp32. */
class GoldenContrastiveTest {
    private static final double TOLERANCE = 1e-5;
    private static final int BATCH = 8;

    private final PointerScope scope = new PointerScope();
    private final Golden golden = Golden.open("bert", "contrastive");
    private final EncodedDataset texts = texts();
    private final List<SentencePair> pairs = pairs();
    private SequenceClassifier classifier;
    private Features features;
    private ContrastiveObjective objective;

    @BeforeEach
    void load() {
        var backbone = Golden.classifier("bert")
                .load(LoadOptions.trained(new Head.Labels(3, false), 0))
                .backbone();
        classifier = new SequenceClassifier(backbone, Reading.MEAN, new LabelSet(List.of("a", "b", "c")), true);
        var none = new EncodedDataset(List.of(), new int[0]);
        features = new Features(
                classifier,
                part -> true,
                texts,
                none,
                TrainingOptions.defaults(),
                SpeedOptions.defaults(),
                Path.of("unused"),
                TrainingListener.NONE);
        objective = new ContrastiveObjective(classifier, pairs, texts, features);
    }

    @AfterEach
    void close() {
        objective.close();
        classifier.close();
        scope.close();
    }

    @Test
    void givesLossAndEveryGradientOfABatchOfPairs() {
        var loss = objective.loss(IntStream.range(0, BATCH).toArray());
        loss.sum().div(new Scalar((double) BATCH)).backward();

        assertClose("loss", loss.sum().div(new Scalar((double) BATCH)), expected("loss"), TOLERANCE);
        float[] cosines = Tensors.toFloats(expected("cosines"));
        assertThat(loss.correct()).isEqualTo((int) IntStream.range(0, BATCH)
                .filter(i -> cosines[i] > 0.5 == pairs.get(i).sameLabel())
                .count());
        assertThat(objective.parameters().keySet()).isEqualTo(golden.named("grad."));
        objective
                .parameters()
                .forEach((name, parameter) -> assertClose(name, parameter.grad(), expected("grad." + name), TOLERANCE));
    }

    @Test
    void hasTheEncoderAndTheHeadOfTheReferenceAfterTenSteps() {
        var settings = new Optimizer.Settings(Optimizer.Kind.ADAMW, 0.01, 0.9, 0.999, 1e-4, 0, true);
        var optimizer = new Optimizer(objective.parameters(), settings);
        int[] order = Tensors.toInts(expected("batches"));
        float[] losses = new float[order.length / BATCH];
        for (int step = 0; step < losses.length; step++) {
            int[] batch = Arrays.copyOfRange(order, step * BATCH, (step + 1) * BATCH);
            Tensor loss = objective.loss(batch).sum().div(new Scalar((double) BATCH));
            loss.backward();
            losses[step] = loss.item_float();
            optimizer.step(1e-3);
            optimizer.zeroGradients();
        }
        assertClose("losses", Tensors.of(losses), expected("losses"), TOLERANCE);
        objective
                .parameters()
                .forEach((name, parameter) -> assertClose(name, parameter, expected("after." + name), TOLERANCE));

        objective.complete();

        int[] all = IntStream.range(0, texts.size()).toArray();
        double[][] embeddings = features.evaluated(Objective.Subset.TRAIN, all, SequenceClassifier::rows);
        assertClose("embeddings", Tensors.of(embeddings), expected("embeddings"), TOLERANCE);
        assertClose("weight", parameter("classifier.weight"), expected("coef"), 1e-4);
        assertClose("bias", parameter("classifier.bias"), expected("intercept"), 1e-4);
        double[][] probabilities = features.evaluated(
                Objective.Subset.TRAIN, all, rows -> SequenceClassifier.probabilities(classifier.logits(rows)));
        assertClose("probabilities", Tensors.of(probabilities), expected("probabilities"), 1e-4);
    }

    @Test
    void drawsThePairsThatSetFitDraws() {
        var drawn = SentencePair.draw(texts.labels(), ContrastiveOptions.defaults(), 42);
        assertThat(new HashSet<>(drawn)).isEqualTo(new HashSet<>(pairs));
        for (int i = 0; i < pairs.size(); i++) {
            assertThat(drawn.get(i).sameLabel()).isEqualTo(pairs.get(i).sameLabel());
        }
        assertThat(drawn).hasSameSizeAs(pairs);
    }

    @Test
    void twoLabelsShareOneRowOfWeights() {
        Tensor x = expected("embeddings").to(torch.ScalarType.Double);
        Tensor y = expected("labels").eq(new Scalar(2)).to(torch.ScalarType.Long);
        Tensor weight = torch.zeros(2, 32);
        Tensor bias = torch.zeros(2);
        LogisticRegression.fit(x, y, weight, bias);

        assertClose("coef", weight.narrow(0, 1, 1).sub(weight.narrow(0, 0, 1)), expected("binary.coef"), 1e-4);
        assertClose("intercept", bias.narrow(0, 1, 1).sub(bias.narrow(0, 0, 1)), expected("binary.intercept"), 1e-4);
        Tensor logits = torch.matmul(x.to(torch.ScalarType.Float), weight.t()).add(bias);
        assertClose("probabilities", logits.softmax(1), expected("binary.probabilities"), 1e-4);
    }

    @Test
    void solvesWhatNoPlaneDivides() {
        Tensor weight = torch.zeros(4, 12);
        Tensor bias = torch.zeros(4);
        LogisticRegression.fit(expected("noisy.x"), expected("noisy.y"), weight, bias);
        assertClose("coef", weight, expected("noisy.coef"), 1e-4);
        assertClose("intercept", bias, expected("noisy.intercept"), 1e-4);
    }

    private Tensor parameter(String name) {
        return Objects.requireNonNull(classifier.backbone().state().get(name));
    }

    private Tensor expected(String name) {
        return golden.expected().tensor(name);
    }

    private EncodedDataset texts() {
        long[] flat = Tensors.toLongs(golden.ids());
        int[] lengths = golden.lengths();
        int width = flat.length / lengths.length;
        var rows = new ArrayList<int[]>();
        for (int i = 0; i < lengths.length; i++) {
            int from = i * width;
            rows.add(IntStream.range(from, from + lengths[i])
                    .map(at -> (int) flat[at])
                    .toArray());
        }
        return new EncodedDataset(rows, Tensors.toInts(expected("labels")));
    }

    private List<SentencePair> pairs() {
        int[] numbers = Tensors.toInts(expected("pairs"));
        float[] targets = Tensors.toFloats(expected("targets"));
        return IntStream.range(0, targets.length)
                .mapToObj(i -> new SentencePair(numbers[2 * i], numbers[2 * i + 1], targets[i] == 1))
                .toList();
    }
}
