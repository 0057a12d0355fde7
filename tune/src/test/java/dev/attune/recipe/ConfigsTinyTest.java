package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.TinyModels;
import dev.attune.peft.AdapterConfig;
import dev.attune.peft.AdapterFolder;
import dev.attune.peft.LoraConfig;
import dev.attune.peft.PromptTuningConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recipes in configs/ whose models are too large to be here, on a tiny random one of the same family. */
class ConfigsTinyTest {
    /** What other tests run recipes on, by the recipe's name; see {@link ConfigsRealTest}. */
    static final List<String> RECIPES = List.of(
            "twitter-complaints-bloomz",
            "twitter-complaints-mistral",
            "twitter-complaints-t5",
            "sms-spam-bert-lora",
            "sms-spam-smollm2-lora");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "twitter-complaints-bloomz, bloom, 8",
        "twitter-complaints-mistral, mistral, -1",
        "twitter-complaints-smollm2, llama, 8",
        "twitter-complaints-t5, t5, 20"
    })
    void promptTuningRecipesRun(String config, String family, int virtualTokens) throws IOException {
        // The tiny weights are a classifier's: the language model's head is the embeddings, as in the other families.
        Path model = TinyModels.write(
                family,
                folder.resolve("model"),
                Map.of("n_positions", 128, "max_position_embeddings", 128, "tie_word_embeddings", true));
        Path data = folder.resolve("tweets.csv");
        Files.writeString(data, """
                Tweet text,Label,ID
                my parcel is late,complaint,0
                good tune,no complaint,1
                the soup was cold,complaint,2
                more bread,no complaint,3
                no answer again,complaint,4
                a good old chord,no complaint,5
                """);
        var recipe = Recipe.read(ConfigsTest.PROJECT.resolve("configs/" + config + ".yaml"))
                .with(Map.of(
                        "model",
                        model.toString(),
                        "data",
                        data.toString(),
                        "text-column",
                        "Tweet text",
                        "split",
                        "0.5,0.0,0.5",
                        "epochs",
                        3));

        var run = Run.train(recipe, folder.resolve("run"), RunListener.NONE, () -> false);

        assertThat(run.completed()).isTrue();
        assertThat(Objects.requireNonNull(run.evaluation()).labels()).containsExactly("complaint", "no complaint");
        var adapter = (PromptTuningConfig) AdapterConfig.read(run.folder());
        assertThat(adapter.promptTuningInitText()).isEqualTo("Classify if the tweet is a complaint or not:");
        if (virtualTokens > 0) {
            assertThat(adapter.numVirtualTokens()).isEqualTo(virtualTokens);
        }
    }

    @ParameterizedTest
    @CsvSource({"sms-spam-bert-lora, bert, 2", "sms-spam-smollm2-lora, llama, 2", "banking77-minilm-lora, bert, 6"})
    void loraRecipesRun(String config, String family, int layersOfABlock) throws IOException {
        Path model = TinyModels.write(family, folder.resolve("model"));
        Path data = folder.resolve("messages.csv");
        var rows = new StringBuilder("text,label\n");
        for (int i = 0; i < 10; i++) {
            rows.append("win a prize ")
                    .append(i)
                    .append(",spam\nsee you at ")
                    .append(i)
                    .append(",ham\n");
        }
        Files.writeString(data, rows);
        var recipe = Recipe.read(ConfigsTest.PROJECT.resolve("configs/" + config + ".yaml"))
                .with(Map.of("model", model.toString(), "data", data.toString(), "split", "0.6,0.2,0.2", "epochs", 1));

        var run = Run.train(recipe, folder.resolve("run"), RunListener.NONE, () -> false);

        assertThat(run.completed()).isTrue();
        try (var adapter = AdapterFolder.open(run.folder())) {
            assertThat(adapter.config()).isInstanceOf(LoraConfig.class);
            assertThat(adapter.weights().names().stream()
                            .filter(name -> name.contains(".0.") && name.contains("lora_A")))
                    .hasSize(layersOfABlock);
        }
    }

    @Test
    void takesThePublishedSettings() {
        var bloomz = Recipe.read(ConfigsTest.PROJECT.resolve("configs/twitter-complaints-bloomz.yaml"))
                .toMap();
        assertThat(bloomz)
                .containsEntry("learning-rate", 0.03)
                .containsEntry("epochs", 50)
                .containsEntry("batch-size", 8)
                .containsEntry("max-length", 64)
                .containsEntry("warmup-steps", 0)
                .containsEntry("warmup-ratio", 0.0)
                .containsEntry("lr-scheduler", "linear")
                .containsEntry("optimizer", "adamw");
        var t5 = Recipe.read(ConfigsTest.PROJECT.resolve("configs/twitter-complaints-t5.yaml"))
                .toMap();
        assertThat(t5)
                .containsEntry("learning-rate", 0.3)
                .containsEntry("lr-scheduler", "constant")
                .containsEntry("weight-decay", 1e-5)
                .containsEntry("num-virtual-tokens", 20);
    }
}
