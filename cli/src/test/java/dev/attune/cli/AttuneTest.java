package dev.attune.cli;

import static dev.attune.cli.CommandRun.attune;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttuneTest {
    @Test
    void helpGoesToStandardOutput() {
        var run = attune("--help");
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("Usage: attune").contains("Exit codes: 0 done, 1 failed, 2 wrong usage");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void withoutACommandItShowsTheHelpAsAnError() {
        var run = attune();
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("Usage: attune");
    }

    @Test
    void anUnknownOptionNamesTheNearestOne() {
        var run = attune("--versoin");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Unknown option: '--versoin'").contains("--version");
    }

    @Test
    void theVersionIsOneLine() {
        var run = attune("--version");
        assertThat(run.code()).isZero();
        assertThat(run.out()).matches("attune .*, Java .*\\R");
    }
}
