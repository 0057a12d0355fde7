package dev.attune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.TinyModels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training that multiplies in bf16, with weights in fp32. */
class AutocastTest {
    private static final Map<String, Object> OPTIONS =
            Map.of("epochs", 3, "batch-size", 8, "logging-steps", 1, "optimizer", "sgd", "learning-rate", 0.05);

    @TempDir
    static Path models;

    @TempDir
    Path folder;

    @BeforeAll
    static void writeModels() {
        TinyModels.FAMILIES.forEach(family -> TinyModels.write(family, models.resolve(family)));
    }

    @ParameterizedTest(name = "{0}, {1} trained")
    @CsvSource({"bert, all", "bert, last-block", "gpt2, all", "gpt2, last-block", "llama, all", "llama, last-block"})
    void lossesAreThoseOfFp32ButForRounding(String family, String unfreeze) {
        var plain = train(family, "plain", Map.of("unfreeze", unfreeze));
        var autocast = train(family, "autocast", Map.of("unfreeze", unfreeze, "autocast", true));
        double largest = 0;
        for (int i = 0; i < plain.metrics().size(); i++) {
            Double expected = plain.metrics().get(i).loss();
            Double actual = autocast.metrics().get(i).loss();
            if (expected != null && actual != null) {
                assertThat(actual).isCloseTo(expected, within(0.02));
                largest = Math.max(largest, Math.abs(actual - expected));
            }
        }
        assertThat(largest).as("bf16 has 8 bits, so something is rounded").isGreaterThan(1e-6);
    }

    @Test
    void theWeightsKeepStepsThatBf16WouldLose() {
        var autocast = train("bert", "small", Map.of("unfreeze", "all", "autocast", true, "learning-rate", 1e-5));
        long kept = autocast.weights().entrySet().stream()
                .filter(entry -> entry.getKey().contains("dense.weight"))
                .filter(entry ->
                        !Arrays.equals(entry.getValue(), autocast.before().get(entry.getKey())))
                .count();
        assertThat(kept).isPositive();
    }

    private Trained train(String family, String name, Map<String, ?> options) {
        var all = new HashMap<String, Object>(OPTIONS);
        all.putAll(options);
        return Trained.of(models.resolve(family), folder.resolve(name), all);
    }
}
