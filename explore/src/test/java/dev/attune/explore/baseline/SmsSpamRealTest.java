package dev.attune.explore.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.ProvidedFolders;
import dev.attune.explore.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("real")
class SmsSpamRealTest {
    private static final List<String> NAMES = List.of("ham", "spam");

    @Test
    void tfidfAndLogisticRegressionDoAsWellAsScikitLearns() throws IOException {
        List<String> lines = Files.readAllLines(ProvidedFolders.data("sms_spam/SMSSpamCollection"));
        var evaluation = Trial.of(
                        Baselines.TFIDF_LOGISTIC,
                        part(lines.subList(0, 4000)),
                        part(lines.subList(4000, lines.size())),
                        1)
                .result()
                .evaluation();
        var golden = Golden.of("real");
        assertThat(evaluation.accuracy()).isCloseTo(golden.get("sms_accuracy").doubleValue(), within(1e-3));
        assertThat(evaluation.logLoss()).isCloseTo(golden.get("sms_log_loss").doubleValue(), within(1e-3));
    }

    private static Labelled<String> part(List<String> lines) {
        return new Labelled<>(
                lines.stream()
                        .map(line -> line.substring(line.indexOf('\t') + 1))
                        .toList(),
                lines.stream().mapToInt(line -> line.startsWith("spam") ? 1 : 0).toArray(),
                NAMES);
    }
}
