package dev.attune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class SpeedOptionsTest {
    // SGD: Adam makes full steps of gradients that are rounding errors around zero, such as those of BERT's key biases.
    private static final Map<String, Object> OPTIONS = Map.of(
            "epochs", 1, "batch-size", 8, "logging-steps", 1, "eval-steps", 2, "optimizer", "sgd", "momentum", 0.9);

    private static final Map<String, Object> PLAIN = Map.of("trunk-cache", false, "last-row-only", false);

    @TempDir
    static Path models;

    @TempDir
    Path folder;

    @BeforeAll
    static void writeModels() {
        TinyModels.FAMILIES.forEach(family -> TinyModels.write(family, models.resolve(family)));
    }

    static Stream<Arguments> cases() {
        var cases = new ArrayList<Arguments>();
        for (String family : TinyModels.FAMILIES) {
            for (String reading : List.of("last", "cls", "mean", "last-padded")) {
                cases.add(Arguments.of(family, "head", reading));
                cases.add(Arguments.of(family, "last-block", reading));
            }
            cases.add(Arguments.of(family, "all", "last"));
            cases.add(Arguments.of(family, "all", "cls"));
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}, {1} trained, read at {2}")
    @MethodSource("cases")
    void figuresAreTheSameWithAndWithout(String family, String unfreeze, String reading) {
        Path model = models.resolve(family);
        var setting = Map.of("unfreeze", unfreeze, "reading", reading, "max-length", 20);
        var plain = Trained.of(model, folder.resolve("plain"), with(setting, PLAIN));
        var fast = Trained.of(model, folder.resolve("fast"), with(setting, Map.of()));
        assertAlike(fast, plain);
        if (unfreeze.equals("all") || !reading.equals("last")) {
            return; // no frozen block is left to be cached; where the cache is kept does not depend on the reading
        }
        var spilled = Trained.of(
                model, folder.resolve("spilled"), with(setting, Map.of("trunk-cache-memory", 0, "eval-tokens", 30)));
        assertAlike(spilled, plain);
        assertThat(folder.resolve("spilled")).isDirectoryNotContaining("glob:**trunk*");
    }

    @ParameterizedTest
    @FieldSource("dev.attune.TinyModels#FAMILIES")
    void aTrunkBelowTheLowestUpdateIsCachedWithTheSameFigures(String family) {
        Path model = models.resolve(family);
        var setting = Map.of("method", "lora", "layers-to-transform", "1", "lora-dropout", 0);
        var plain = Trained.of(model, folder.resolve("plain"), with(setting, PLAIN));
        var cached = new ArrayList<String>();
        var listener = new TrainingListener() {
            @Override
            public void preparing(String stage, long of, long total) {
                cached.add(stage);
            }
        };
        var fast = Trained.of(
                model, folder.resolve("fast"), with(setting, Map.of()), TinyTexts.split(), listener, () -> false);
        assertThat(cached).contains("frozen trunk");
        assertAlike(fast, plain);
        assertThat(fast.weights().keySet()).anyMatch(name -> name.contains(".1.") && name.endsWith("lora_B.weight"));
    }

    @Test
    void cachesATrunkInPassesOfSoManyTokensWhenOnlyOneRowOfATextIsKept() {
        Path model = models.resolve("gpt2");
        var done = new ArrayList<Long>();
        var listener = new TrainingListener() {
            @Override
            public void preparing(String stage, long of, long total) {
                done.add(of);
            }
        };
        Trained.of(
                model,
                folder.resolve("run"),
                with(Map.of("unfreeze", "head"), Map.of("eval-tokens", 1)),
                TinyTexts.split(),
                listener,
                () -> false);
        assertThat(done).hasSize(24 + 12); // each text in a pass of its own
    }

    @Test
    void dropoutInTheFrozenBlocksTurnsTheCacheOff() {
        Path model = TinyModels.write("gpt2", folder.resolve("gpt2"), Map.of("resid_pdrop", 0.5));
        var with = Trained.of(model, folder.resolve("with"), with(Map.of("frozen-dropout", true), Map.of()));
        var without = Trained.of(model, folder.resolve("without"), with(Map.of("frozen-dropout", false), Map.of()));
        assertThat(with.metrics().get(0).loss())
                .isNotEqualTo(without.metrics().get(0).loss());
        var uncached = Trained.of(
                model, folder.resolve("uncached"), with(Map.of("frozen-dropout", true), Map.of("trunk-cache", false)));
        assertThat(uncached.metrics()).isEqualTo(with.metrics());
    }

    private static Map<String, Object> with(Map<String, ?> some, Map<String, ?> more) {
        var all = new HashMap<String, Object>(OPTIONS);
        all.putAll(some);
        all.putAll(more);
        return all;
    }

    private static void assertAlike(Trained actual, Trained expected) {
        assertThat(actual.metrics()).hasSameSizeAs(expected.metrics());
        for (int i = 0; i < actual.metrics().size(); i++) {
            var a = actual.metrics().get(i);
            var e = expected.metrics().get(i);
            assertThat(a.step()).isEqualTo(e.step());
            for (var pair : List.of(
                    List.of(or0(a.loss()), or0(e.loss())),
                    List.of(or0(a.gradNorm()), or0(e.gradNorm())),
                    List.of(or0(a.trainLoss()), or0(e.trainLoss())),
                    List.of(or0(a.evalLoss()), or0(e.evalLoss())),
                    List.of(or0(a.accuracy()), or0(e.accuracy())),
                    List.of(or0(a.evalAccuracy()), or0(e.evalAccuracy())))) {
                assertThat(pair.get(0)).isCloseTo(pair.get(1), within(1e-5 * Math.max(1, pair.get(1))));
            }
        }
        actual.weights()
                .forEach((name, values) -> assertThat(values)
                        .as(name)
                        .usingComparatorWithPrecision(1e-5f)
                        .containsExactly(expected.weights().get(name)));
    }

    private static double or0(@org.jspecify.annotations.Nullable Double value) {
        return value == null ? 0 : value;
    }
}
