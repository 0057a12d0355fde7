package dev.attune.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadsTest {
    @Test
    void theNumberSetIsTheNumberUsed() {
        int before = Threads.count();
        try {
            Threads.set(3);
            assertThat(Threads.count()).isEqualTo(3);
            Threads.set(1);
            assertThat(Threads.count()).isEqualTo(1);
        } finally {
            Threads.set(before);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2})
    void fewerThanOneIsRefused(int count) {
        assertThatThrownBy(() -> Threads.set(count))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 or more");
    }
}
