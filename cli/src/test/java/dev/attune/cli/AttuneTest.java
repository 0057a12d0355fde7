package dev.attune.cli;

import static dev.attune.cli.CommandRun.attune;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({"No space left on device, 1", "Broken pipe, 0"})
    void outputThatCannotBeWrittenIsAFailureButForAPipeThatNobodyReads(String why, int code) {
        var out = new StandardOutput(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(why);
            }
        });
        var err = new StringWriter();
        var console = new Console(
                InputStream.nullInputStream(), new PrintWriter(out, false, UTF_8), new PrintWriter(err), false);

        assertThat(Attune.run(console, out, "--version")).isEqualTo(code);
        assertThat(err.toString())
                .isEqualTo(
                        code == 0 ? "" : "attune: standard output cannot be written: " + why + System.lineSeparator());
    }
}
