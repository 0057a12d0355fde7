package dev.attune.cli;

import static dev.attune.cli.CommandRun.attune;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("real")
class QuickstartTest {
    @Test
    void trainsTestsClassifiesAndSaysWhatToTryNext(@TempDir Path folder) throws IOException {
        var run = attune("quickstart", "--out", folder.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        var evaluation = new ObjectMapper()
                .readTree(folder.resolve("run-1/evaluation.json").toFile());
        assertThat(evaluation.get("n").asInt()).isEqualTo(120);
        assertThat(evaluation.get("accuracy").asDouble()).isGreaterThan(0.82);
        assertThat(run.out())
                .containsPattern("train +324 +account_access 54, ")
                .containsPattern("billing +0\\.\\d+ +you took 20 dollars")
                .containsPattern("delivery +0\\.\\d+ +the postman says")
                .containsPattern("feature_request +0\\.\\d+ +a button to print")
                .contains("./attune classify " + folder.resolve("run-1"));
    }
}
