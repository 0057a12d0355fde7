package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.ProvidedFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GPT-2's shape in the book's setting stays small: measured in a process of its own, on Linux. */
@Tag("real")
class Gpt2MemoryRealTest {
    private static final int STEPS = 30;
    private static final int EVALUATED_EVERY = 10;
    private static final int MIB_OF_GROWTH = 16;
    private static final int PEAK_MIB = 1300;

    /** Training and validation texts of the whole run, whose hidden states at the last block are kept. */
    private static final int TEXTS = 2 * 747 * 8 / 10;

    @TempDir
    Path folder;

    @Test
    void staysUnderItsLimitAndDoesNotGrow() throws IOException, InterruptedException {
        Recipe recipe = ConfigsRealTest.onThisMachine("sms-spam-gpt2")
                .with(Map.of(
                        "model",
                        ProvidedFolders.model("gpt2-shape").toString(),
                        "dtype",
                        "bfloat16",
                        "limit",
                        500,
                        "max-steps",
                        STEPS,
                        "eval-steps",
                        EVALUATED_EVERY));
        Path recipeFile = folder.resolve("recipe.yaml");
        recipe.write(recipeFile);
        Path run = folder.resolve("run");
        Path sizes = folder.resolve("sizes.txt");

        ownProcess(folder, List.of(recipeFile, run, sizes));

        var resident = Files.readAllLines(sizes).stream().map(Long::parseLong).toList();
        assertThat(resident).hasSize(STEPS);
        // The first evaluation may take its own; batches differ in length, so the largest of ten steps is compared.
        long warm = Collections.max(resident.subList(EVALUATED_EVERY, 2 * EVALUATED_EVERY));
        long late = Collections.max(resident.subList(2 * EVALUATED_EVERY, STEPS));
        assertThat(late - warm)
                .as("growth in MiB of the last ten steps over the ten before; sizes %s", resident)
                .isLessThan(MIB_OF_GROWTH);
        var provenance =
                new ObjectMapper().readTree(run.resolve("provenance.json").toFile());
        int texts = provenance.at("/data/train/rows").asInt()
                + provenance.at("/data/validation/rows").asInt();
        long bytesOfAText = 120 * 768 * Short.BYTES; // bf16
        long missing = ((TEXTS - texts) * bytesOfAText) >> 20;
        assertThat(texts).isPositive();
        assertThat(provenance.path("peak_memory_mib").asLong() + missing)
                .as("peak in MiB, with the %d MiB that the whole run keeps beside; sizes %s", missing, resident)
                .isBetween(200L, (long) PEAK_MIB);
    }

    /** Runs a recipe as {@code ./attune train} would and writes the resident size after each step. */
    static final class Training {
        private Training() {}

        public static void main(String[] arguments) throws IOException {
            Path sizes = Path.of(arguments[2]);
            var resident = new ArrayList<String>();
            var listener = new RunListener() {
                @Override
                public void stepped(long step, long totalSteps, double loss) {
                    resident.add(Long.toString(residentMiB()));
                }
            };
            Run.train(Recipe.read(Path.of(arguments[0])), Path.of(arguments[1]), listener, () -> false);
            Files.write(sizes, resident);
        }

        private static long residentMiB() {
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
                String size = lines.filter(line -> line.startsWith("VmRSS:"))
                        .findFirst()
                        .orElseThrow();
                return Long.parseLong(size.replaceAll("[^0-9]", "")) >> 10;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Runs {@link Training} in a process of its own; the arguments are its recipe, run folder and file of sizes. */
    static void ownProcess(Path folder, List<Path> arguments) throws IOException, InterruptedException {
        Path log = folder.resolve("log.txt");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-Dorg.bytedeco.javacpp.maxBytes=0",
                "-cp",
                System.getProperty("java.class.path"),
                Training.class.getName()));
        arguments.forEach(argument -> command.add(argument.toString()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        assertThat(process.start().waitFor()).as(() -> read(log)).isZero();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
