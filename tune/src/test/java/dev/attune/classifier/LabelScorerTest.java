package dev.attune.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.TinyModels;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.data.LabelSet;
import dev.attune.model.Attention;
import dev.attune.model.Backbone;
import dev.attune.model.Families;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.model.ModelConfig;
import dev.attune.peft.SoftPrompt;
import dev.attune.peft.VirtualTokens;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelScorerTest {
    private static final List<String> TEXTS = List.of("soup", "more rain and some old snow again", "a drum");
    /** One begins with another, two begin alike, one stands alone. */
    private static final List<String> WORDS = List.of("good", "good food", "good music", "weather");

    @TempDir
    Path folder;

    /** All labels in one tree behind each text, against one whole pass for every text and label. */
    @SuppressWarnings("try") // the scope is there for what it does
    @ParameterizedTest
    @CsvSource({"gpt2, true, SUM", "gpt2, false, MEAN", "llama, true, MEAN", "llama, false, SUM", "bloom, true, SUM"})
    void scoresEachLabelAsAPassOfItsOwnDoes(String family, boolean prompted, LabelScoring scoring) {
        try (var scope = new PointerScope();
                var tokenizer = Tokenizer.load(TinyModels.write(family, folder, TinyModels.ROOMY));
                var backbone = load()) {
            var prompt = prompted ? SoftPrompt.ofText(backbone, tokenizer, "what is it about", 5) : null;
            var scorer = scorer(backbone, prompt, template(tokenizer), scoring, false);
            List<int[]> texts = scorer.template().encode(TEXTS);

            float[][] scores = Tensors.toFloatRows(scorer.scores(texts, scorer.start()));

            for (int b = 0; b < TEXTS.size(); b++) {
                for (int label = 0; label < WORDS.size(); label++) {
                    int[] tokens = scorer.template().labels().get(label);
                    float sum = alone(backbone, prompt, texts.get(b), tokens);
                    float expected = scoring == LabelScoring.SUM ? sum : sum / tokens.length;
                    assertThat(scores[b][label]).isCloseTo(expected, within(1e-4f));
                }
            }
        }
    }

    /** Zhao et al. 2021: what labels score after texts without content, averaged over these as probabilities, is taken off. */
    @SuppressWarnings("try") // the scope is there for what it does
    @ParameterizedTest
    @CsvSource({"gpt2, SUM", "llama, MEAN"})
    void calibrationTakesOffWhatTextsWithoutContentScore(String family, LabelScoring scoring) {
        try (var scope = new PointerScope();
                var tokenizer = Tokenizer.load(TinyModels.write(family, folder, TinyModels.ROOMY));
                var backbone = load()) {
            var plain = scorer(backbone, null, template(tokenizer), new LabelScorer.Settings(scoring, false, false));
            var calibrated =
                    scorer(backbone, null, template(tokenizer), new LabelScorer.Settings(scoring, true, false));
            List<int[]> texts = plain.template().encode(TEXTS);
            double[] prior = new double[WORDS.size()];
            for (int[] empty : plain.template().encode(List.of("N/A", "[MASK]", ""))) {
                float[] scores = Tensors.toFloats(plain.scores(List.of(empty), null));
                double sum = 0;
                for (float score : scores) {
                    sum += Math.exp(score);
                }
                for (int label = 0; label < prior.length; label++) {
                    prior[label] += Math.exp(scores[label]) / sum / 3;
                }
            }

            float[][] before = Tensors.toFloatRows(plain.ready().logits(texts));
            float[][] after = Tensors.toFloatRows(calibrated.ready().logits(texts));

            for (int b = 0; b < TEXTS.size(); b++) {
                for (int label = 0; label < prior.length; label++) {
                    float expected = (float) (before[b][label] - Math.log(prior[label]));
                    assertThat(after[b][label]).isCloseTo(expected, within(1e-4f));
                }
            }
        }
    }

    /** Where positions are counted over padding, a lone text that fills its length has the usual ones, and others have not. */
    @SuppressWarnings("try") // the scope is there for what it does
    @ParameterizedTest
    @CsvSource({"gpt2, true", "llama, true", "bloom, false"})
    void countsPositionsOverPaddingWhereAsked(String family, boolean matters) {
        try (var scope = new PointerScope();
                var tokenizer = Tokenizer.load(TinyModels.write(family, folder, TinyModels.ROOMY));
                var backbone = load()) {
            var prompt = SoftPrompt.ofText(backbone, tokenizer, "what is it about", 5);
            var usual = scorer(backbone, prompt, template(tokenizer), LabelScoring.SUM, false);
            var peft = scorer(backbone, prompt, template(tokenizer), LabelScoring.SUM, true);
            List<int[]> texts = usual.template().encode(List.of("soup", "snow ".repeat(40)));

            float[] expected = Tensors.toFloats(usual.scores(texts, usual.start()));
            float[] actual = Tensors.toFloats(peft.scores(texts, peft.start()));

            int longest = texts.get(1).length + usual.template().longestLabel();
            assertThat(longest).isEqualTo(30);
            assertThat(Arrays.copyOfRange(actual, 4, 8))
                    .containsExactly(Arrays.copyOfRange(expected, 4, 8), within(1e-5f));
            float difference = Math.abs(actual[0] - expected[0]);
            assertThat(difference > 1e-3f).isEqualTo(matters);
        }
    }

    private Backbone load() {
        return Families.load(
                        Checkpoint.open(folder), ModelConfig.read(folder), LoadOptions.frozen(new Head.LanguageModel()))
                .backbone();
    }

    private static LabelTemplate template(Tokenizer tokenizer) {
        return new LabelTemplate(tokenizer, new LabelTemplate.Settings("Text: {text} Label: ", WORDS, true, 30));
    }

    private static LabelScorer scorer(
            Backbone backbone,
            @Nullable VirtualTokens virtual,
            LabelTemplate template,
            LabelScoring scoring,
            boolean peftPositions) {
        return scorer(backbone, virtual, template, new LabelScorer.Settings(scoring, false, peftPositions));
    }

    private static LabelScorer scorer(
            Backbone backbone, @Nullable VirtualTokens virtual, LabelTemplate template, LabelScorer.Settings settings) {
        return new LabelScorer(backbone, virtual, null, template, new LabelSet(WORDS), settings);
    }

    /** The label's log-likelihood, everything in one sequence without a past. */
    private static float alone(Backbone backbone, @Nullable SoftPrompt prompt, int[] text, int[] label) {
        int[] ids = Arrays.copyOf(text, text.length + label.length);
        System.arraycopy(label, 0, ids, text.length, label.length);
        Tensor words = backbone.words(Tensors.of(new int[][] {ids})); // (1, T, C)
        int before = 0;
        if (prompt != null) {
            before = prompt.count();
            words = torch.cat(new TensorVector(prompt.embeddings().unsqueeze(0), words), 1);
        }
        var attention = Attention.of(before + ids.length);
        Tensor x = backbone.embedWords(words, attention.positions());
        for (int i = 0; i < backbone.depth(); i++) {
            x = backbone.block(i, x, attention);
        }
        Tensor logProbabilities = backbone.lmHead(backbone.norm(x.select(0, 0))).log_softmax(1); // (T, V)
        float sum = 0;
        for (int i = 0; i < label.length; i++) {
            int row = before + text.length - 1 + i;
            sum += logProbabilities.select(0, row).select(0, label[i]).item_float();
        }
        return sum;
    }
}
