package dev.attune.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassifierSettingsTest {
    private static final String FAST = "attune.dtype";
    private static final ClassifierSettings ADAPTER =
            new ClassifierSettings(Reading.LAST, 32, List.of("ham", "spam"), "owner/base");

    private final String before = Objects.requireNonNull(System.getProperty(FAST), "the build sets it");

    @TempDir
    Path folder;

    @AfterEach
    void restore() {
        System.setProperty(FAST, before);
    }

    @ParameterizedTest(name = "tuned in {0}, asked for {1}, on a device that prefers {2}: {3}")
    @CsvSource({
        "BF16, , bfloat16, BF16", // as it was tuned
        "BF16, , float32, ", // as the base model's file has it: bf16 would be slow
        "F32, , bfloat16, F32",
        "BF16, F32, bfloat16, F32",
        "F32, BF16, float32, BF16"
    })
    void aBaseModelIsLoadedAsItWasTunedUnlessAskedOtherwise(Dtype tuned, Dtype asked, String fast, Dtype expected) {
        System.setProperty(FAST, fast);
        ADAPTER.withDtype(tuned).write(folder);
        var read = Objects.requireNonNull(ClassifierSettings.read(folder));
        assertThat(read.loaded(asked, Device.CPU)).isEqualTo(expected);
    }

    @Test
    void anAdapterThatDoesNotSayIsLoadedAsItsBaseModelsFileIs() {
        ADAPTER.write(folder);
        var read = Objects.requireNonNull(ClassifierSettings.read(folder));
        assertThat(read.loaded(null, Device.CPU)).isNull();
    }
}
