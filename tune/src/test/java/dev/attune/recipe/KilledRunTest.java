package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.training.TrainingState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that trains, as kill -9 does, and compares what a resumed run makes with an uninterrupted one's. */
class KilledRunTest {
    /** A killed process gets no further than so many steps after the one it is killed at. */
    private static final int AFTER = 6;

    @TempDir
    Path folder;

    @Test
    void aRunKilledTwiceEndsAsAnUninterruptedOne() throws Exception {
        var recipe = recipe();
        Path uninterrupted = folder.resolve("uninterrupted");
        Run.train(recipe, uninterrupted, RunListener.NONE, () -> false);

        Path killed = folder.resolve("killed");
        Path file = folder.resolve("recipe.yaml");
        recipe.write(file);
        var random = new Random(7);
        killAfter(10 + random.nextInt(5), "train", file, killed);
        assertThat(killed.resolve("model.safetensors")).doesNotExist();
        long logged = Files.readAllLines(killed.resolve("metrics.jsonl")).size();
        killAfter(35 + random.nextInt(5), "resume", file, killed);
        assertThat(Files.readAllLines(killed.resolve("metrics.jsonl")).size()).isGreaterThan((int) logged);

        var run = Run.resume(killed, RunListener.NONE, () -> false);
        assertThat(run.completed()).isTrue();
        assertSame(killed, uninterrupted);
    }

    /** A limit on the size of files stands for the disk: from a step on, the write that would pass it fails midway. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "prlimit, which sets the limit, is Linux's")
    void aRunWhoseDiskGetsFullEndsAsAnUninterruptedOneOnceThereIsRoom() throws Exception {
        var recipe = recipe();
        Path uninterrupted = folder.resolve("uninterrupted");
        Run.train(recipe, uninterrupted, RunListener.NONE, () -> false);

        Path full = folder.resolve("full");
        Path file = folder.resolve("recipe.yaml");
        recipe.write(file);
        Path said = folder.resolve("said.txt");
        var process = new ProcessBuilder(command("fill", file, full, 20))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(Files.readString(said)).contains("File too large", "state.safetensors");
        assertThat(TrainingState.existsIn(full)).isTrue();

        assertThat(Run.resume(full, RunListener.NONE, () -> false).completed()).isTrue();
        assertSame(full, uninterrupted);
    }

    private Recipe recipe() {
        Path model = TinyModels.write("gpt2", folder.resolve("model"));
        Path data = TinyTexts.write(TinyTexts.of(60, 1), folder.resolve("texts.csv"));
        return Recipe.defaults()
                .with(Map.of(
                        "model", model.toString(),
                        "data", data.toString(),
                        "unfreeze", "all",
                        "epochs", 10,
                        "batch-size", 7,
                        "logging-steps", 1,
                        "save-steps", 3));
    }

    private static void assertSame(Path actual, Path expected) throws IOException {
        for (String name : List.of("metrics.jsonl", "model.safetensors", "evaluation.json")) {
            assertThat(actual.resolve(name)).hasSameBinaryContentAs(expected.resolve(name));
        }
        try (var files = Files.list(actual)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    /** Runs {@link #main} in a process of its own and kills it at a step. */
    private static void killAfter(int step, String action, Path recipe, Path out)
            throws IOException, InterruptedException {
        var process = new ProcessBuilder(command(action, recipe, out, step + AFTER))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && !line.equals("step " + step)) {
                line = lines.readLine();
            }
            assertThat(line).as("the process came to step %d", step).isNotNull();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(process.exitValue()).isNotZero();
    }

    private static List<String> command(String action, Path recipe, Path out, int last) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledRunTest.class.getName(),
                action,
                recipe.toString(),
                out.toString(),
                Integer.toString(last));
    }

    /**
     * Trains or resumes a run, saying each step. At the step that the last argument names it waits for its end or, to
     * "fill" the disk, goes on with files that may not grow past 16 KiB.
     */
    public static void main(String[] args) {
        String action = args[0];
        Path out = Path.of(args[2]);
        long last = Long.parseLong(args[3]);
        var listener = new RunListener() {
            @Override
            public void stepped(long step, long totalSteps, double loss) {
                System.out.println("step " + step);
                if (action.equals("fill")) {
                    if (step == last) {
                        limitFiles(16 << 10);
                    }
                    return;
                }
                while (step >= last) {
                    Thread.onSpinWait();
                }
            }
        };
        if (action.equals("resume")) {
            Run.resume(out, listener, () -> false);
        } else {
            Run.train(Recipe.read(Path.of(args[1])), out, listener, () -> false);
        }
    }

    private static void limitFiles(int bytes) {
        try {
            long self = ProcessHandle.current().pid();
            new ProcessBuilder("prlimit", "--pid", Long.toString(self), "--fsize=" + bytes)
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
