package dev.attune.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.checkpoint.SafetensorsFile;
import dev.attune.checkpoint.SafetensorsWriter;
import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * What a run needs to go on after it was stopped or killed, in a folder of its own beside the model files: parameters, moments
 * and progress in one file, so that they cannot disagree, and the best parameters in another.
 */
public final class TrainingState {
    /** The folder's name inside a run folder. */
    public static final String FOLDER = "training-state";

    private static final String PARAMETER = "parameter.";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Optimizer optimizer;

    TrainingState(Path folder, Optimizer optimizer) {
        this.folder = folder;
        this.optimizer = optimizer;
    }

    /** Whether a run folder holds a state to resume from. */
    public static boolean existsIn(Path runFolder) {
        return Files.exists(runFolder.resolve(FOLDER).resolve("state.safetensors"));
    }

    void save(Progress progress) {
        try {
            SafetensorsWriter.write(file(), optimizer.state(), Map.of("progress", JSON.writeValueAsString(progress)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        deleteBest(progress.best() == null ? -1 : progress.best().step());
    }

    /** Puts the saved parameters and moments back; where nothing was saved, the start of a run. */
    Progress load() {
        if (!Files.exists(file())) {
            return Progress.START;
        }
        AtomicFile.removeLeftovers(folder);
        try (var saved = SafetensorsFile.open(file())) {
            copyInto(optimizer.state(), saved);
            return JSON.readValue(saved.metadata().getOrDefault("progress", ""), Progress.class);
        } catch (JsonProcessingException e) {
            throw new InputException(file() + " holds no progress of a run; start the run anew without --resume.", e);
        }
    }

    /** Keeps the parameters as they are now; call {@link #save} afterwards, which forgets the ones kept before. */
    void saveBest(long step) {
        var parameters = new LinkedHashMap<String, Tensor>();
        optimizer.state().forEach((name, tensor) -> {
            if (name.startsWith(PARAMETER)) {
                parameters.put(name, tensor);
            }
        });
        SafetensorsWriter.write(best(step), parameters, Map.of());
    }

    void restoreBest(long step) {
        var state = new LinkedHashMap<>(optimizer.state());
        state.keySet().removeIf(name -> !name.startsWith(PARAMETER));
        try (var saved = SafetensorsFile.open(best(step))) {
            copyInto(state, saved);
        }
    }

    /** Deletes a run folder's state, which a run that is done needs no more. */
    public static void deleteIn(Path runFolder) {
        Path folder = runFolder.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + folder + ": " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("try") // scope and guard are there for what they do, not to be called
    private static void copyInto(Map<String, Tensor> targets, SafetensorsFile saved) {
        try (var scope = new PointerScope();
                var noGrad = new NoGradGuard()) {
            targets.forEach((name, target) -> target.copy_(saved.tensor(name)));
        }
    }

    private void deleteBest(long except) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> kept = Files.newDirectoryStream(folder, "best-*.safetensors")) {
            for (Path file : kept) {
                if (!file.equals(best(except))) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot tidy " + folder + ": " + e.getMessage(), e);
        }
    }

    private Path file() {
        return folder.resolve("state.safetensors");
    }

    private Path best(long step) {
        return folder.resolve("best-" + step + ".safetensors");
    }
}
