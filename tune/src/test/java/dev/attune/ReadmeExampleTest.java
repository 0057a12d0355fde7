package dev.attune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.classifier.Prediction;
import dev.attune.classifier.TextClassifier;
import dev.attune.classifier.Unfreeze;
import dev.attune.data.Dataset;
import dev.attune.data.ReadOptions;
import dev.attune.evaluation.Evaluation;
import dev.attune.recipe.Tuning;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java example, as it stands there but for the names of data, model and run folder. */
class ReadmeExampleTest {
    private record Result(Evaluation evaluation, Prediction prediction) {}

    @TempDir
    Path folder;

    private static Result example(Path data, String model, Path out, String text) {
        // README
        var parts = Dataset.read(data, ReadOptions.defaults()).balanced(123).split(0.7, 0.1, 0.2, 123);
        var run = Tuning.of(model)
                .unfreeze(Unfreeze.LAST_BLOCK)
                .epochs(5)
                .learningRate(5e-4)
                .train(parts.train(), parts.validation(), out);
        var evaluation = run.evaluate(parts.test());
        try (var classifier = TextClassifier.load(out)) {
            Prediction prediction = classifier.classify(text);
            return new Result(evaluation, prediction);
        }
        // end README
    }

    @Test
    void trainsEvaluatesAndClassifies() {
        Path data = TinyTexts.write(TinyTexts.of(61, 1), folder.resolve("texts.csv"));
        Path model = TinyModels.write("bert", folder.resolve("model"));
        var result = example(data, model.toString(), folder.resolve("run"), "some snow and wind");
        assertThat(result.evaluation().report()).contains("accuracy", "weather");
        assertThat(result.evaluation().n()).isEqualTo(12);
        assertThat(result.prediction().labels().names()).containsExactly("food", "music", "weather");
        assertThat(result.prediction().probability()).isGreaterThan(1.0 / 3);
    }
}
