package dev.attune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
    // transformers 5: [s.get_last_lr()[0] …] of get_{constant,linear,cosine}_schedule_with_warmup(optimizer at 1.0, 2,
    // 6)
    @Test
    void constantStaysAfterWarmup() {
        assertFactors(LearningRateSchedule.CONSTANT, 2, 6, 0, 0.5, 1, 1, 1, 1, 1);
    }

    @Test
    void linearFallsToZeroAtTheLastStep() {
        assertFactors(LearningRateSchedule.LINEAR, 2, 6, 0, 0.5, 1, 0.75, 0.5, 0.25, 0);
        assertFactors(LearningRateSchedule.LINEAR, 0, 4, 1, 0.75, 0.5, 0.25, 0, 0);
    }

    @Test
    void cosineFallsInHalfAWave() {
        assertFactors(LearningRateSchedule.COSINE, 2, 6, 0, 0.5, 1, 0.853553390593274, 0.5, 0.146446609406726, 0);
        assertFactors(LearningRateSchedule.COSINE, 0, 3, 1, 0.75, 0.25, 0);
    }

    private static void assertFactors(LearningRateSchedule schedule, long warmup, long total, double... expected) {
        assertThat(LongStream.range(0, expected.length)
                        .mapToDouble(step -> schedule.factor(step, warmup, total))
                        .toArray())
                .containsExactly(expected, within(1e-12));
    }
}
