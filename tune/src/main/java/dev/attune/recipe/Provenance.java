package dev.attune.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.data.Dataset;
import dev.attune.data.Split;
import dev.attune.files.AtomicFile;
import dev.attune.files.Checksum;
import dev.attune.files.InputException;
import dev.attune.torch.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Where a run's figures come from: provenance.json.
 *
 * @param data rows and sha256 (of texts and labels) of each part
 * @param model sha256 of each weight file of the model that was tuned
 * @param versions of what computed
 * @param machine what it ran on
 * @param started when the run was begun
 * @param resumed how often it was gone on with after a stop
 * @param seconds from the data in memory to the tested model, since the run was begun or last resumed; null while it runs
 * @param memoryEstimateMiB what was expected of the memory before training, by part; see {@link MemoryEstimate}
 * @param peakMemoryMiB largest resident size of the process; null where the system does not tell
 */
record Provenance(
        Map<String, Part> data,
        @JsonProperty("base_model") String baseModel,
        Map<String, String> model,
        long seed,
        Map<String, String> versions,
        Map<String, String> machine,
        String started,
        int resumed,
        @Nullable Double seconds,
        @JsonProperty("memory_estimate_mib") @Nullable Map<String, Long> memoryEstimateMiB,
        @JsonProperty("peak_memory_mib") @Nullable Long peakMemoryMiB) {
    private static final String FILE = "provenance.json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** A part of the data as it went into the run. */
    record Part(String name, int rows, String sha256) {
        static Part of(Dataset dataset) {
            return new Part(dataset.name(), dataset.size(), dataset.sha256());
        }
    }

    static Provenance of(Recipe recipe, Split split, Path base) {
        var data = new LinkedHashMap<String, Part>();
        data.put("train", Part.of(split.train()));
        data.put("validation", Part.of(split.validation()));
        data.put("test", Part.of(split.test()));
        return new Provenance(
                data,
                recipe.model().model(),
                weights(base),
                recipe.training().seed(),
                currentVersions(),
                thisMachine(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                0,
                null,
                null,
                null);
    }

    /** The same, with what is expected of the memory. */
    Provenance estimating(MemoryEstimate memory) {
        return with(started, resumed, seconds, memory.mib(), peakMemoryMiB);
    }

    private static Map<String, String> weights(Path folder) {
        var sums = new TreeMap<String, String>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
                sums.put(
                        file.getFileName().toString(),
                        Checksum.of(Checksum.Kind.SHA256, file).hex());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
        }
        return sums;
    }

    private static Map<String, String> currentVersions() {
        var versions = new LinkedHashMap<String, String>();
        String own = Provenance.class.getPackage().getImplementationVersion();
        versions.put("attune", own == null ? "development" : own);
        versions.put("java", System.getProperty("java.version"));
        versions.put("libtorch", Tensor.class.getPackage().getImplementationVersion());
        return versions;
    }

    private static Map<String, String> thisMachine() {
        var machine = new LinkedHashMap<String, String>();
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        machine.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        machine.put("threads", Integer.toString(Threads.count()));
        return machine;
    }

    /** The same, with what is known at the end. */
    Provenance finished(long nanos) {
        return with(started, resumed, Math.round(nanos / 1e8) / 10.0, memoryEstimateMiB, peakMemory());
    }

    /** VmHWM of Linux; elsewhere nothing. */
    private static @Nullable Long peakMemory() {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return null;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }

    void write(Path runFolder) {
        try {
            AtomicFile.writeString(
                    runFolder.resolve(FILE),
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a folder holds a run that has come to its end: this file is the last that is written. */
    static boolean finishedIn(Path runFolder) {
        return Files.exists(runFolder.resolve(FILE))
                && read(runFolder.resolve(FILE)).seconds() != null;
    }

    private static Provenance read(Path file) {
        try {
            return JSON.readValue(file.toFile(), Provenance.class);
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * This provenance as one of the run that was begun in the folder, if one was.
     *
     * @throws InputException where it was begun with other data or another model
     */
    Provenance goingOn(Path runFolder) {
        Path file = runFolder.resolve(FILE);
        if (!Files.exists(file)) {
            return this;
        }
        var begun = read(file);
        for (String part : data.keySet()) {
            if (!begun.data()
                    .getOrDefault(part, new Part("", 0, ""))
                    .sha256()
                    .equals(data.get(part).sha256())) {
                throw new InputException("The " + part + " part is not the one that the run in " + runFolder
                        + " was begun with; put the old data back, or begin a new run.");
            }
        }
        if (!begun.model().equals(model)) {
            throw new InputException("The weights of " + baseModel + " are not those that the run in " + runFolder
                    + " was begun with; put the old model back, or begin a new run.");
        }
        return with(begun.started(), begun.resumed() + 1, null, null, null);
    }

    /** Of the same data, model and machine, at another time of the run. */
    private Provenance with(
            String start,
            int resumptions,
            @Nullable Double duration,
            @Nullable Map<String, Long> estimate,
            @Nullable Long peak) {
        return new Provenance(
                data, baseModel, model, seed, versions, machine, start, resumptions, duration, estimate, peak);
    }
}
