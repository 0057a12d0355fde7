package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.classifier.TextClassifier;
import dev.attune.files.InputException;
import dev.attune.generation.Generation;
import dev.attune.generation.GenerationListener;
import dev.attune.generation.GenerationOptions;
import dev.attune.generation.TextGenerator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenAnswerTest {
    private static final List<String> WORDS = List.of("complaint", "no complaint", "no");

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    @BeforeAll
    static void write() {
        for (String family : List.of("gpt2", "llama", "bloom", "t5")) {
            TinyModels.write(family, shared.resolve(family), TinyModels.ROOMY);
        }
        TinyTexts.write(TinyTexts.of(60, 1), shared.resolve("texts.csv"));
    }

    @ParameterizedTest
    @CsvSource({
        "complaint, 0",
        "' complaint\n', 0",
        "no complaint, 1",
        "no complaint at all, 1",
        "'no, not at all', 2",
        "complaints, -1",
        "nothing, -1",
        "a complaint, -1",
        "'', -1"
    })
    void theLongestWordThatATextBeginsWithIsItsLabel(String text, int label) {
        assertThat(WrittenAnswer.match(text, WORDS)).isEqualTo(label);
    }

    /** A model that has learned to answer gives by writing what it gives by scoring. */
    @Test
    void whatHasLearnedItsLabelsWritesThem() {
        var run = train(
                "llama",
                Map.of(
                        "method",
                        "lora",
                        "target-modules",
                        "all-linear",
                        "template",
                        "{text} is ",
                        "epochs",
                        25,
                        "learning-rate",
                        0.02));
        try (var classifier = TextClassifier.load(run.folder())) {
            var test = TinyTexts.of(30, 3);
            var compared = AnswerComparison.of(classifier, test, 42);

            assertThat(compared.scored()).isEqualTo(Run.evaluate(classifier, test, 42));
            assertThat(compared.agreeing()).isGreaterThanOrEqualTo(27);
            assertThat(compared.unmatchedCount()).isLessThanOrEqualTo(30 - compared.agreeing());
            assertThat(compared.generated().accuracy()).isGreaterThan(0.5); // by chance 0.33
        }
    }

    @Test
    void theVirtualTokensStandBeforeWhatIsGoneOnWith() {
        var texts = TinyTexts.of(30, 3).texts();
        var written = new ArrayList<List<WrittenAnswer>>();
        for (String init : List.of("soup bread cheese", "rain snow cloud")) {
            var run = train(
                    "llama",
                    folder.resolve(init),
                    Map.of("method", "prompt", "template", "{text} is ", "epochs", 1, "prompt-tuning-init-text", init));
            try (var classifier = TextClassifier.load(run.folder())) {
                written.add(WrittenAnswer.of(classifier, texts));
            }
        }
        assertThat(written.get(0)).hasSize(30).isNotEqualTo(written.get(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt", "prefix", "lora"})
    void anEncoderDecoderWritesWhatItsAdapterGenerates(String method) {
        var run = train("t5", Map.of("method", method, "template", "{text} is ", "epochs", 1, "learning-rate", 0.1));
        var texts = TinyTexts.of(30, 3).texts();
        try (var classifier = TextClassifier.load(run.folder());
                var generator = TextGenerator.load(run.folder())) {
            var template = classifier.answering().orElseThrow().scorer().template();
            var options = GenerationOptions.greedy().withMaxNewTokens(template.longestLabel());
            var generated = generator.generateFrom(template.encode(texts), options, GenerationListener.NONE);

            assertThat(WrittenAnswer.of(classifier, texts))
                    .extracting(WrittenAnswer::text)
                    .isEqualTo(generated.stream().map(Generation::text).toList());
        }
    }

    @Test
    void whatMatchesNoLabelCountsAsWrong() {
        var run = train("gpt2", Map.of("method", "prompt", "epochs", 1));
        try (var classifier = TextClassifier.load(run.folder())) {
            var compared = AnswerComparison.of(classifier, TinyTexts.of(30, 3), 42);

            // A random model writes no label's word.
            assertThat(compared.unmatchedCount()).isEqualTo(30);
            assertThat(compared.unmatched()).hasSize(30);
            assertThat(compared.agreeing()).isZero();
            assertThat(compared.generated().accuracy()).isZero();
            assertThat(compared.generatedMacroF1()).isCloseTo(0, within(1e-12));
            assertThat(compared.generated().labels()).endsWith("(no label)");
            assertThat(compared.scored().accuracy()).isPositive();
            assertThat(WrittenAnswer.of(classifier, List.of("soup", "rain")))
                    .hasSize(2)
                    .allMatch(answer -> answer.label() == null && !answer.text().isEmpty());
        }
    }

    @Test
    void headsWriteNothing() {
        var run = train("gpt2", Map.of("method", "head", "epochs", 1));
        try (var classifier = TextClassifier.load(run.folder())) {
            assertThatThrownBy(() -> WrittenAnswer.of(classifier, List.of("soup")))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("has a head");
        }
    }

    private Run train(String model, Map<String, ?> options) {
        return train(model, folder.resolve("run"), options);
    }

    private static Run train(String model, Path out, Map<String, ?> options) {
        var all = new HashMap<String, Object>(Map.of(
                "model",
                shared.resolve(model).toString(),
                "data",
                shared.resolve("texts.csv").toString(),
                "batch-size",
                8,
                "split",
                "0.8,0,0.2"));
        all.putAll(options);
        return Run.train(Recipe.defaults().with(all), out, RunListener.NONE, () -> false);
    }
}
