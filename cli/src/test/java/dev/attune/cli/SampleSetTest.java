package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Dataset;
import dev.attune.data.ReadOptions;
import dev.attune.data.Split;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The sample set that the quickstart carries. */
class SampleSetTest {
    private final Dataset train = read("train.csv");
    private final Dataset test = read("test.csv");

    private static Dataset read(String name) {
        try {
            var url = Objects.requireNonNull(QuickstartCommand.class.getResource("quickstart/" + name));
            return Dataset.read(Path.of(url.toURI()), ReadOptions.defaults());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyIntentHasAsManyMessages() {
        assertThat(train.counts())
                .hasSize(6)
                .allSatisfy((intent, rows) -> assertThat(rows).isEqualTo(60));
        assertThat(test.counts().keySet()).isEqualTo(train.counts().keySet());
        assertThat(test.counts().values()).containsOnly(20);
    }

    @Test
    void noMessageStandsTwice() {
        assertThat(train.duplicates().rows()).isZero();
        assertThat(test.duplicates().rows()).isZero();
        var empty = new Dataset("none", List.of(), train.labels());
        assertThat(new Split(train, empty, test).leaks().count()).isZero();
    }
}
