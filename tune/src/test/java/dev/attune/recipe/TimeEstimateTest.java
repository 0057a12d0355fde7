package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.training.Rehearsal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TimeEstimateTest {
    @TempDir
    Path folder;

    static Stream<Arguments> methods() {
        Map<String, ?> words = Map.of("template", "Text: {text} Label: ");
        return Stream.of(
                Arguments.of("gpt2", "head", Map.of("unfreeze", "last-block")),
                Arguments.of("bert", "lora", Map.of()),
                Arguments.of("bert", "contrastive", Map.of()),
                Arguments.of("bert", "contrastive", Map.of("unfreeze", "last-block")),
                Arguments.of("gpt2", "lora", words),
                Arguments.of("gpt2", "prompt", words),
                Arguments.of("llama", "prefix", words),
                Arguments.of("gpt2", "p-tuning", words),
                Arguments.of("t5", "prompt", words));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("methods")
    void everyMethodIsTimedAndNothingIsWritten(String family, String method, Map<String, ?> more) throws IOException {
        var options = new HashMap<String, Object>(more);
        options.put("method", method);
        options.put("epochs", 2);
        Path model =
                TinyModels.write(family, folder.resolve("model"), family.equals("gpt2") ? TinyModels.ROOMY : Map.of());
        var texts = TinyTexts.write(TinyTexts.of(60, 1), folder.resolve("texts.csv"));
        options.put("model", model.toString());
        options.put("data", texts.toString());
        var before = files();

        var told = estimate(options);

        assertThat(files()).isEqualTo(before);
        assertThat(told.opening()).isPositive();
        var rehearsal = told.rehearsal();
        assertThat(rehearsal.wholeEpochs()).isEqualTo(2);
        assertThat(rehearsal.stepping()).isPositive();
        assertThat(rehearsal.evaluation()).isPositive();
        assertThat(rehearsal.test()).isPositive();
        assertThat(rehearsal.preparation() > 0).isEqualTo(more.containsKey("unfreeze"));
        assertThat(told.total())
                .isEqualTo(told.opening()
                        + rehearsal.preparation()
                        + rehearsal.stepping()
                        + rehearsal.evaluation()
                        + rehearsal.test());
        assertThat(told.toString())
                .contains(method.equals("contrastive") ? "without fitting the head" : "without writing files");
    }

    @Test
    void tellsItsPartsInALine() {
        assertThat(new TimeEstimate(1.54, new Rehearsal(20.2, 250, 5, 90, 10, 8), false, false))
                .hasToString("time, estimated: 2 min 10 s (opening 1.5 s; frozen trunk 20 s; 5 epochs of 18 s; "
                        + "evaluation 10 s; test 8.0 s; without writing files)");
        assertThat(new TimeEstimate(0.5, new Rehearsal(0, 120, 0, 60, 1, 0), true, true))
                .hasToString("time, estimated: 1 min 2 s (opening 500 ms; at most 120 steps of 500 ms; "
                        + "evaluation 1.0 s; without fitting the head and writing files)");
        assertThat(new TimeEstimate(1, new Rehearsal(0, 10, 1, 7, 1, 1), false, false))
                .asString()
                .contains("; 1 epoch, 7.0 s; ");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0004, 0.4 ms",
        "0.0213, 21 ms",
        "0.999, 1.0 s",
        "9.96, 10 s",
        "59.6, 1 min 0 s",
        "3599.7, 1 h 0 min",
        "90061, 25 h 1 min"
    })
    void durationsAreTwoFiguresOrSo(double seconds, String said) {
        assertThat(TimeEstimate.duration(seconds)).isEqualTo(said);
    }

    private List<Path> files() throws IOException {
        try (var all = Files.walk(folder)) {
            return all.sorted().toList();
        }
    }

    private static TimeEstimate estimate(Map<String, ?> options) {
        var told = new AtomicReference<TimeEstimate>();
        Run.dryRun(Recipe.defaults().with(options), new RunListener() {
            @Override
            public void time(TimeEstimate estimate) {
                told.set(estimate);
            }
        });
        return Objects.requireNonNull(told.get());
    }
}
