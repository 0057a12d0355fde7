package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.ProvidedFolders;
import dev.attune.classifier.TextClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on pairs of texts leaves a folder whose encoder and head are plain ones to transformers. */
@Tag("interop")
class TransformersContrastiveTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void transformersGivesTheProbabilitiesFromTheMeanOfTheTokens() throws IOException, InterruptedException {
        var recipe = Recipe.defaults()
                .with(Map.of(
                        "data",
                        "twitter-complaints",
                        "data-dir",
                        ProvidedFolders.data(".").toString(),
                        "model",
                        ProvidedFolders.model("minilm").toString(),
                        "split",
                        List.of(0.6, 0.0, 0.4),
                        "method",
                        "contrastive",
                        "unfreeze",
                        "last-2",
                        "max-steps",
                        4));
        Path run = folder.resolve("run");
        Run.train(recipe, run, RunListener.NONE, () -> false);
        var texts = Sources.split(recipe, RunListener.NONE).test().texts();
        Path textsFile = folder.resolve("texts.json");
        JSON.writeValue(textsFile.toFile(), texts);
        Path out = folder.resolve("probabilities.json");
        Path log = folder.resolve("python.log");
        int code = new ProcessBuilder(
                        ProvidedFolders.python().toString(),
                        "../scripts/interop/contrastive.py",
                        textsFile.toString(),
                        run.toString(),
                        out.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(code).as(Files.readString(log)).isZero();

        double[][] theirs = JSON.readValue(out.toFile(), double[][].class);
        assertThat(theirs).hasNumberOfRows(texts.size());
        try (var classifier = TextClassifier.load(run)) {
            double[][] here = classifier.probabilities(texts);
            for (int i = 0; i < theirs.length; i++) {
                assertThat(here[i]).as(texts.get(i)).containsExactly(theirs[i], within(1e-5));
            }
        }
    }
}
