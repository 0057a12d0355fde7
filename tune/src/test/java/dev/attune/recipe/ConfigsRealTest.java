package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.ProvidedFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The recipes in configs/ on real data and real weights, most of them shortened. The least accuracies leave a margin of a few
 * texts to what was measured, since the last digits differ between machines.
 */
@Tag("real")
class ConfigsRealTest {
    /** Where the models lie that recipes name on the hub. */
    private static final Map<String, String> LOCAL = Map.of(
            "google-bert/bert-base-uncased", "bert-base-uncased",
            "HuggingFaceTB/SmolLM2-135M-Instruct", "smollm2-135m-instruct");

    private static final List<Case> CASES = List.of(
            new Case("sms-spam-minilm", Map.of(), 0.945),
            new Case("quickstart", Map.of(), 0.75),
            new Case("twitter-complaints-contrastive", Map.of("split", List.of(0.6, 0.0, 0.4)), 0.65),
            new Case("banking77-minilm", Map.of("max-steps", 40), 0.1),
            new Case("sms-spam-minilm-lora", Map.of(), 0.945),
            new Case("banking77-minilm-lora", Map.of("max-steps", 40), 0.1),
            new Case("sms-spam-bert", Map.of("limit", 2000, "epochs", 1), 0.85),
            new Case("sms-spam-smollm2", Map.of("limit", 2000, "epochs", 2), 0.85));

    @TempDir
    Path folder;

    record Case(String config, Map<String, Object> shortened, double leastAccuracy) {}

    @ParameterizedTest
    @FieldSource("CASES")
    void reachesItsAccuracy(Case each) {
        Recipe recipe = onThisMachine(each.config()).with(each.shortened());

        var run = Run.train(recipe, folder.resolve("run"), RunListener.NONE, () -> false);

        assertThat(run.completed()).isTrue();
        assertThat(Objects.requireNonNull(run.evaluation()).accuracy()).isGreaterThanOrEqualTo(each.leastAccuracy());
    }

    @Test
    void everyRecipeIsRun() throws IOException {
        // Gpt2MemoryRealTest; TwitterComplaintsRealTest
        var elsewhere = Stream.of("sms-spam-gpt2", "twitter-complaints-smollm2");
        assertThat(ConfigsTest.configs())
                .extracting(file -> file.getFileName().toString().replace(".yaml", ""))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(CASES.stream().map(Case::config), elsewhere, ConfigsTinyTest.RECIPES.stream())
                                .flatMap(names -> names)
                                .toList());
    }

    /** A recipe with data and model that are not fetched, and paths from the module's folder. */
    static Recipe onThisMachine(String config) {
        var recipe = Recipe.read(ConfigsTest.PROJECT.resolve("configs/" + config + ".yaml"));
        var local = new LinkedHashMap<String, Object>();
        local.put("data-dir", ProvidedFolders.data("."));
        String model = LOCAL.get(recipe.model().model());
        if (model != null) {
            local.put("model", ProvidedFolders.model(model));
        }
        if (recipe.data().data().contains("/")) {
            local.put("data", ConfigsTest.PROJECT.resolve(recipe.data().data()));
        }
        if (recipe.data().testData() != null) {
            local.put("test-data", ConfigsTest.PROJECT.resolve(recipe.data().testData()));
        }
        local.replaceAll((option, value) -> value.toString());
        return recipe.with(local);
    }
}
