package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
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
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that trains, as kill -9 does, and compares what a resumed run makes with an uninterrupted one's. */
class KilledRunTest {
    /** A killed process gets no further than so many steps after the one it is killed at. */
    private static final int AFTER = 6;

    @TempDir
    Path folder;

    @Test
    void aRunKilledTwiceEndsAsAnUninterruptedOne() throws Exception {
        Path model = TinyModels.write("gpt2", folder.resolve("model"));
        Path data = TinyTexts.write(TinyTexts.of(60, 1), folder.resolve("texts.csv"));
        var recipe = Recipe.defaults()
                .with(Map.of(
                        "model", model.toString(),
                        "data", data.toString(),
                        "unfreeze", "all",
                        "epochs", 10,
                        "batch-size", 7,
                        "logging-steps", 1,
                        "save-steps", 1));
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
        for (String name : List.of("metrics.jsonl", "model.safetensors", "evaluation.json")) {
            assertThat(killed.resolve(name)).hasSameBinaryContentAs(uninterrupted.resolve(name));
        }
        try (var files = Files.list(killed)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    /** Runs {@link #main} in a process of its own and kills it at a step. */
    private static void killAfter(int step, String action, Path recipe, Path out)
            throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledRunTest.class.getName(),
                        action,
                        recipe.toString(),
                        out.toString(),
                        Integer.toString(step + AFTER))
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

    /** Trains or resumes a run, saying each step; waits for its end at the step that the last argument names. */
    public static void main(String[] args) {
        Path out = Path.of(args[2]);
        long last = Long.parseLong(args[3]);
        var listener = new RunListener() {
            @Override
            public void stepped(long step, long totalSteps, double loss) {
                System.out.println("step " + step);
                while (step >= last) {
                    Thread.onSpinWait();
                }
            }
        };
        if (args[0].equals("train")) {
            Run.train(Recipe.read(Path.of(args[1])), out, listener, () -> false);
        } else {
            Run.resume(out, listener, () -> false);
        }
    }
}
