package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.files.InputException;
import dev.attune.training.MetricsRow;
import dev.attune.training.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumedRunTest {
    private static final int STEPS = 24; // 42 texts to train with, 7 a batch, 4 epochs

    @TempDir
    static Path shared;

    private static Path uninterrupted = Path.of("");

    @TempDir
    Path folder;

    /** Stands for a process that ends at some point. */
    @SuppressWarnings("serial")
    private static final class Killed extends RuntimeException {}

    @BeforeAll
    static void runUninterrupted() {
        TinyModels.write("bert", shared.resolve("model"), Map.of("hidden_dropout_prob", 0.2));
        TinyTexts.write(TinyTexts.of(60, 1), shared.resolve("texts.csv"));
        uninterrupted = Run.train(recipe(Map.of()), shared.resolve("uninterrupted"), RunListener.NONE, () -> false)
                .folder();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aRunStoppedAtRandomStepsEndsAsAnUninterruptedOne(long seed) throws IOException {
        var random = new Random(seed);
        Path out = folder.resolve("run");
        var run = Run.train(recipe(Map.of()), out, RunListener.NONE, () -> random.nextInt(5) == 0);
        int stops = 0;
        while (!run.completed()) {
            assertThat(TrainingState.existsIn(out)).isTrue();
            stops++;
            run = Run.resume(out, RunListener.NONE, () -> random.nextInt(5) == 0);
        }
        assertThat(stops).isPositive();
        assertThat(Files.readString(out.resolve("provenance.json"))).contains("\"resumed\" : " + stops);
        assertSameAsUninterrupted(out);
        assertThat(out.resolve(TrainingState.FOLDER)).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 18, STEPS})
    void aRunThatBreaksOffInAStepEndsAsAnUninterruptedOne(int step) {
        Path out = folder.resolve("run");
        var breaking = new RunListener() {
            @Override
            public void stepped(long at, long totalSteps, double loss) {
                breakOff(at == step);
            }
        };
        assertThatThrownBy(() -> Run.train(recipe(Map.of("save-steps", 1)), out, breaking, () -> false))
                .isInstanceOf(Killed.class);
        assertThat(Run.resume(out, RunListener.NONE, () -> false).completed()).isTrue();
        assertSameAsUninterrupted(out);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aRunThatBreaksOffWhileAnEpochIsScoredEndsAsAnUninterruptedOne(int epoch) {
        Path out = folder.resolve("run");
        var breaking = new RunListener() {
            @Override
            public void logged(MetricsRow row) {
                breakOff(row.evalLoss() != null && row.epoch() == epoch);
            }
        };
        assertThatThrownBy(() -> Run.train(recipe(Map.of("save-steps", 1)), out, breaking, () -> false))
                .isInstanceOf(Killed.class);
        assertThat(Run.resume(out, RunListener.NONE, () -> false).completed()).isTrue();
        assertSameAsUninterrupted(out);
    }

    @Test
    void aRunThatCannotWriteItsResultsLosesNothing() throws IOException {
        Path out = folder.resolve("run");
        Files.createDirectories(out.resolve("evaluation.json/in the way")); // which no file can replace
        assertThatThrownBy(() -> Run.train(recipe(Map.of()), out, RunListener.NONE, () -> false))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Cannot write")
                .hasMessageContaining("evaluation.json");
        Files.delete(out.resolve("evaluation.json/in the way"));
        Files.delete(out.resolve("evaluation.json"));
        var stepsAgain = new RunListener() {
            @Override
            public void stepped(long at, long totalSteps, double loss) {
                breakOff(true);
            }
        };
        assertThat(Run.resume(out, stepsAgain, () -> false).completed()).isTrue();
        assertSameAsUninterrupted(out);
        assertThat(out.resolve(TrainingState.FOLDER)).doesNotExist();
    }

    @Test
    void aStateThatCannotBeWrittenKeepsTheOneBefore() throws IOException {
        Path out = folder.resolve("run");
        Path state = out.resolve(TrainingState.FOLDER);
        Path aside = folder.resolve("aside");
        var failing = new RunListener() {
            @Override
            public void stepped(long at, long totalSteps, double loss) {
                if (at == 9) { // as if the disk refused what comes now
                    try {
                        Files.move(state, aside);
                        Files.createFile(state);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        };
        assertThatThrownBy(() -> Run.train(recipe(Map.of("save-steps", 3)), out, failing, () -> false))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Cannot write");
        Files.delete(state);
        Files.move(aside, state);
        assertThat(Run.resume(out, RunListener.NONE, () -> false).completed()).isTrue();
        assertSameAsUninterrupted(out);
    }

    @Test
    void whatAKilledProcessLeftHalfWrittenIsCleanedUp() throws IOException {
        Path out = folder.resolve("run");
        Run.train(recipe(Map.of()), out, RunListener.NONE, () -> true);
        String name = ".5a0e7f1c-30d5-4c6e-9d7c-0123456789ab.tmp";
        Files.writeString(out.resolve(TrainingState.FOLDER).resolve(".state.safetensors" + name), "half");
        Files.writeString(out.resolve(".model.safetensors" + name), "half");
        Files.writeString(out.resolve("notes.tmp"), "the user's");
        assertThat(Run.resume(out, RunListener.NONE, () -> false).completed()).isTrue();
        assertSameAsUninterrupted(out);
        assertThat(out.resolve(TrainingState.FOLDER)).doesNotExist();
        assertThat(out.resolve(".model.safetensors" + name)).doesNotExist();
        assertThat(out.resolve("notes.tmp")).exists();
    }

    @Test
    void keepsTheStateOnRequestAndIsDoneAllTheSame() {
        Path out = folder.resolve("run");
        Run.train(recipe(Map.of("keep-state", true)), out, RunListener.NONE, () -> false);
        assertThat(TrainingState.existsIn(out)).isTrue();
        assertThatThrownBy(() -> Run.resume(out, RunListener.NONE, () -> false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is done");
    }

    @Test
    void aRunThatIsDoneOrNoneCannotBeResumed() {
        assertThatThrownBy(() -> Run.resume(uninterrupted, RunListener.NONE, () -> false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is done; there is nothing to resume");
        assertThatThrownBy(() -> Run.resume(folder, RunListener.NONE, () -> false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds no run");
    }

    @Test
    void changedDataIsRefused() {
        Path data = TinyTexts.write(TinyTexts.of(60, 1), folder.resolve("texts.csv"));
        Path out = folder.resolve("run");
        Run.train(recipe(Map.of("data", data.toString())), out, RunListener.NONE, () -> true);
        TinyTexts.write(TinyTexts.of(60, 9), data);
        assertThatThrownBy(() -> Run.resume(out, RunListener.NONE, () -> false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("The train part is not the one that the run in " + out + " was begun with");
        TinyTexts.write(TinyTexts.of(60, 1), data);
        assertThat(Run.resume(out, RunListener.NONE, () -> false).completed()).isTrue();
    }

    @Test
    void aChangedModelIsRefused() {
        Path model = TinyModels.write("bert", folder.resolve("model"));
        Path out = folder.resolve("run");
        Run.train(recipe(Map.of("model", model.toString())), out, RunListener.NONE, () -> true);
        TinyModels.write("gpt2", model);
        assertThatThrownBy(() -> Run.resume(out, RunListener.NONE, () -> false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("The weights of " + model);
    }

    private static void breakOff(boolean now) {
        if (now) {
            throw new Killed();
        }
    }

    static Recipe recipe(Map<String, ?> more) {
        var all = new HashMap<String, Object>(Map.of(
                "model",
                shared.resolve("model").toString(),
                "data",
                shared.resolve("texts.csv").toString(),
                "epochs",
                4,
                "batch-size",
                7,
                "logging-steps",
                2,
                "eval-steps",
                5,
                "warmup-steps",
                3));
        all.putAll(more);
        return Recipe.defaults().with(all);
    }

    private static void assertSameAsUninterrupted(Path out) {
        for (String file : List.of("metrics.jsonl", "model.safetensors", "evaluation.json")) {
            assertThat(out.resolve(file)).hasSameBinaryContentAs(uninterrupted.resolve(file));
        }
    }
}
