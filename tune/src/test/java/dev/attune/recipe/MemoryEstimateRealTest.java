package dev.attune.recipe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.ProvidedFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of the memory before training is about what a process of its own then takes, on Linux. */
@Tag("real")
class MemoryEstimateRealTest {
    private static final Map<String, Map<String, ?>> RUNS = Map.of(
            "head",
                    Map.of(
                            "data",
                            "sms-spam",
                            "limit",
                            400,
                            "model",
                            "gpt2-shape",
                            "unfreeze",
                            "last-2",
                            "max-length",
                            120,
                            "batch-size",
                            8,
                            "max-steps",
                            6),
            "all",
                    Map.of(
                            "data",
                            "sms-spam",
                            "limit",
                            100,
                            "model",
                            "gpt2-shape",
                            "unfreeze",
                            "all",
                            "max-length",
                            120,
                            "batch-size",
                            8,
                            "max-steps",
                            3),
            "lora",
                    Map.of(
                            "data",
                            "sms-spam",
                            "limit",
                            100,
                            "model",
                            "smollm2-135m-instruct",
                            "method",
                            "lora",
                            "max-length",
                            100,
                            "batch-size",
                            8,
                            "max-steps",
                            4),
            "prompt",
                    Map.of(
                            "data",
                            "twitter-complaints",
                            "model",
                            "smollm2-135m-instruct",
                            "method",
                            "prompt",
                            "num-virtual-tokens",
                            8,
                            "max-length",
                            64,
                            "batch-size",
                            8,
                            "max-steps",
                            4),
            "prompt-checkpointed",
                    Map.of(
                            "data",
                            "twitter-complaints",
                            "model",
                            "smollm2-135m-instruct",
                            "method",
                            "prompt",
                            "num-virtual-tokens",
                            8,
                            "max-length",
                            64,
                            "batch-size",
                            8,
                            "max-steps",
                            4,
                            "gradient-checkpointing",
                            true,
                            "dtype",
                            "bfloat16"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"head", "all", "lora", "prompt", "prompt-checkpointed"})
    void estimatesWithinItsFactor(String name) throws IOException, InterruptedException {
        var options = new HashMap<String, Object>(RUNS.get(name));
        options.put(
                "model",
                ProvidedFolders.model(requireNonNull(options.get("model")).toString())
                        .toString());
        options.put("split", "0.9,0.1,0");
        Path recipe = folder.resolve("recipe.yaml");
        Recipe.defaults().with(options).write(recipe);
        Path run = folder.resolve("run");

        Gpt2MemoryRealTest.ownProcess(folder, List.of(recipe, run, folder.resolve("sizes.txt")));

        var provenance = new ObjectMapper().readTree(Files.readString(run.resolve("provenance.json")));
        double estimate = provenance.at("/memory_estimate_mib/peak").asDouble();
        assertThat(provenance.path("peak_memory_mib").asDouble())
                .as("peak in MiB where %s was expected", provenance.path("memory_estimate_mib"))
                .isBetween(estimate / MemoryEstimate.FACTOR, estimate * MemoryEstimate.FACTOR);
    }
}
