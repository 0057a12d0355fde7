package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryEstimateTest {
    @TempDir
    Path folder;

    @Test
    void countsGradientsAndMomentsOfWhatIsTrained() {
        var prompt = estimate(Map.of("method", "prompt", "num-virtual-tokens", 5));
        var withMomentum =
                estimate(Map.of("method", "prompt", "num-virtual-tokens", 5, "optimizer", "sgd", "momentum", 0.9));

        assertThat(prompt.training()).isEqualTo(5 * 32 * 3 * 4);
        assertThat(withMomentum.training()).isEqualTo(5 * 32 * 2 * 4);
    }

    @Test
    void mapsWhatTheFileHasInTheWantedDtypeAndCopiesTheRest() {
        var mapped = estimate(Map.of("method", "prompt", "num-virtual-tokens", 5));
        var converted = estimate(Map.of("method", "prompt", "num-virtual-tokens", 5, "dtype", "bfloat16"));

        assertThat(mapped.weights()).isEqualTo(5 * 32 * 4);
        assertThat(mapped.loading()).isZero();
        assertThat(converted.mapped()).isZero();
        assertThat(converted.weights()).isEqualTo(mapped.mapped() / 2 + 5 * 32 * 4);
        assertThat(converted.loading()).isGreaterThanOrEqualTo(mapped.mapped());
    }

    @Test
    void checkpointingKeepsOneBlocksGraph() {
        Map<String, ?> kept = Map.of("method", "prompt", "num-virtual-tokens", 5, "batch-size", 50, "eval-tokens", 1);
        var again = new HashMap<String, Object>(kept);
        again.put("gradient-checkpointing", true);

        assertThat(estimate(again).activations()).isLessThan(estimate(kept).activations());
    }

    @Test
    void aHeadAloneKeepsOneRowOfEachText() {
        var rows = estimate(Map.of("unfreeze", "head"));
        var block = estimate(Map.of("unfreeze", "last-block"));
        var all = estimate(Map.of("unfreeze", "all"));

        assertThat(rows.cache()).isPositive().isLessThan(block.cache() / 2);
        assertThat(all.cache()).isZero();
        assertThat(all.training()).isGreaterThan(block.training());
    }

    @Test
    void aDryRunWritesNothing() {
        estimate(Map.of("unfreeze", "head"));

        assertThat(folder.resolve("run")).doesNotExist();
    }

    private MemoryEstimate estimate(Map<String, ?> options) {
        var told = new AtomicReference<MemoryEstimate>();
        var all = new HashMap<String, Object>(options);
        Path model = TinyModels.write("gpt2", folder.resolve("model"), TinyModels.ROOMY);
        all.put("model", model.toString());
        all.put(
                "data",
                TinyTexts.write(TinyTexts.of(60, 1), folder.resolve("texts.csv"))
                        .toString());
        if (options.containsKey("method")) {
            all.put("template", "Text: {text} Label: ");
        }
        Run.dryRun(Recipe.defaults().with(all), new RunListener() {
            @Override
            public void memory(MemoryEstimate estimate) {
                told.set(estimate);
            }
        });
        return Objects.requireNonNull(told.get());
    }
}
