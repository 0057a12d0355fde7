package dev.attune.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.InputException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class GenerationOptionsTest {
    @Test
    void valuesOutOfRangeAreNamed() {
        refused(() -> GenerationOptions.sampling(-0.1, 0, 1, 0), "temperature is -0.1");
        refused(() -> GenerationOptions.sampling(Double.NaN, 0, 1, 0), "temperature is NaN");
        refused(() -> GenerationOptions.sampling(1, -1, 1, 0), "top-k is -1");
        refused(() -> GenerationOptions.sampling(1, 0, 0, 0), "top-p is 0.0");
        refused(() -> GenerationOptions.sampling(1, 0, 1.1, 0), "top-p is 1.1");
        refused(() -> GenerationOptions.greedy().withRepetitionPenalty(0), "repetition-penalty is 0.0");
        refused(() -> GenerationOptions.greedy().withMaxNewTokens(0), "max-new-tokens is 0");
        refused(() -> GenerationOptions.greedy().withMaxLength(0), "max-length is 0");
        refused(() -> GenerationOptions.greedy().withStop("", "."), "stop string is empty");
    }

    @Test
    void whatChoosesAmongDrawnTokensNeedsATemperature() {
        refused(() -> GenerationOptions.sampling(0, 5, 1, 0), "Set a temperature");
        refused(() -> GenerationOptions.sampling(0, 0, 0.9, 0), "Set a temperature");
    }

    @Test
    void oneLimitReplacesTheOther() {
        var options = GenerationOptions.greedy().withMaxNewTokens(5).withMaxLength(9);
        assertThat(options.maxNewTokens()).isNull();
        assertThat(options.withMaxNewTokens(6).maxLength()).isNull();
        refused(() -> new GenerationOptions(0, 0, 1, 1, 0, 5, 9, List.of(), true), "give one of them");
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(InputException.class).hasMessageContaining(message);
    }
}
