package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.classifier.TextClassifier;
import dev.attune.files.Download;
import dev.attune.files.Home;
import dev.attune.files.InputException;
import dev.attune.generation.GenerationOptions;
import dev.attune.generation.TextGenerator;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Run;
import dev.attune.recipe.RunListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was put on the hub, used by its name there. */
class HubAdapterTest {
    private static final List<String> TEXTS = TinyTexts.of(8, 3).texts();

    @TempDir
    Path folder;

    @Test
    void aLoraClassifierIsUsedByItsNameOnTheHub() throws IOException {
        Path run = train("bert", Map.of("method", "lora"));
        try (var server = published(run)) {
            Path fetched = folders(server).resolve(FakeHub.REPO + "@main");

            assertThat(classified(fetched)).isDeepEqualTo(classified(run));
        }
    }

    @Test
    void aSoftPromptIsUsedByItsNameOnTheHub() throws IOException {
        Path run = train("gpt2", Map.of("method", "prompt", "num-virtual-tokens", 4));
        try (var server = published(run)) {
            Path fetched = folders(server).resolve(FakeHub.REPO);

            assertThat(classified(fetched)).isDeepEqualTo(classified(run));
            assertThat(written(fetched)).isEqualTo(written(run)).isNotEmpty();
        }
    }

    @Test
    void aBaseModelThatCannotBeHadIsNamedWithItsAdapter() throws IOException {
        Path run = train("bert", Map.of("method", "lora"));
        Files.move(folder.resolve("bert"), folder.resolve("elsewhere"));
        try (var server = published(run)) {
            Path fetched = folders(server).resolve(FakeHub.REPO);

            assertThatThrownBy(() -> TextClassifier.load(fetched))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(folder.resolve("bert").toString())
                    .hasMessageContaining(fetched.toString());
        }
    }

    private Path train(String family, Map<String, ?> how) {
        Map<String, ?> asLanguageModel = Map.of("n_positions", 128, "architectures", List.of());
        Path base = TinyModels.write(family, folder.resolve(family), asLanguageModel);
        var options = new HashMap<String, Object>(how);
        options.put(
                "data",
                TinyTexts.write(TinyTexts.of(40, 1), folder.resolve("texts.csv"))
                        .toString());
        options.put("model", base.toString());
        options.put("max-steps", 3);
        options.put("learning-rate", 0.05);
        Path run = folder.resolve("run");
        Run.train(Recipe.defaults().with(options), run, RunListener.NONE, () -> false);
        return run;
    }

    private static FakeHub published(Path run) throws IOException {
        var server = new FakeHub();
        try (var files = Files.list(run)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    server.files.put(file.getFileName().toString(), Files.readAllBytes(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return server;
    }

    private ModelFolders folders(FakeHub server) {
        var settings = new HubSettings(server.endpoint(), folder.resolve("cache"), null, false, true);
        return new ModelFolders(new Home(folder.resolve("home")), settings, Download.Progress.NONE);
    }

    private static double[][] classified(Path model) {
        try (var classifier = TextClassifier.load(model)) {
            return classifier.probabilities(TEXTS);
        }
    }

    private static List<Integer> written(Path model) {
        try (var generator = TextGenerator.load(model)) {
            return generator
                    .generate("what is it", GenerationOptions.greedy().withMaxNewTokens(6))
                    .ids();
        }
    }
}
