package dev.attune.peft;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.checkpoint.BaseModel;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.checkpoint.ModelFolders;
import dev.attune.checkpoint.SafetensorsWriter;
import dev.attune.files.Download;
import dev.attune.files.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * An adapter on disk: adapter_config.json and adapter_model.safetensors.
 *
 * @param weights the tensors, under the names peft gives them
 */
public record AdapterFolder(Path folder, AdapterConfig config, Checkpoint weights) implements AutoCloseable {

    /** Whether a folder holds an adapter. */
    public static boolean isAdapter(Path folder) {
        return Files.isRegularFile(folder.resolve(Checkpoint.ADAPTER_CONFIG));
    }

    /**
     * Opens an adapter: reads its configuration and checks its file of weights.
     *
     * @throws InputException where one of the two is missing or broken, or the configuration asks for what is not supported
     */
    public static AdapterFolder open(Path folder) {
        var config = AdapterConfig.read(folder);
        Path weights = folder.resolve(Checkpoint.ADAPTER_WEIGHTS);
        if (!Files.isRegularFile(weights)) {
            boolean pickled = Files.exists(folder.resolve("adapter_model.bin"));
            throw new InputException("The adapter in " + folder + " has no " + Checkpoint.ADAPTER_WEIGHTS
                    + (pickled
                            ? ", only adapter_model.bin, Python's pickle, which is not read here. Save it once more with"
                                    + " a current peft."
                            : "."));
        }
        return new AdapterFolder(folder, config, Checkpoint.ofFile(weights));
    }

    /**
     * A tensor in memory of its own, in fp32.
     *
     * @param shape what the base model asks for
     * @throws InputException naming the tensor, where it is missing or has another shape
     */
    public Tensor tensor(String name, long... shape) {
        if (!weights.contains(name)) {
            throw new InputException("The adapter in " + folder + " has no tensor " + name
                    + ", which its configuration asks for on " + baseInWords() + ".");
        }
        long[] actual = weights.shape(name);
        if (!Arrays.equals(actual, shape)) {
            throw new InputException(
                    "The adapter in " + folder + " does not fit " + baseInWords() + ": its tensor " + name
                            + " has the shape " + Arrays.toString(actual) + ", but the base model asks for "
                            + Arrays.toString(shape) + ".");
        }
        try (Tensor mapped = weights.tensor(name)) {
            return mapped.to(ScalarType.Float, false, true, new MemoryFormatOptional());
        }
    }

    /**
     * Checks that the file holds nothing else.
     *
     * @throws InputException naming a tensor that is none of these
     */
    public void requireNoOthers(Collection<String> names) {
        weights.names().stream()
                .filter(name -> !names.contains(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw new InputException("The adapter in " + folder + " does not fit " + base()
                            + ": it has a tensor " + name + ", for which the base model has no place.");
                });
    }

    private String baseInWords() {
        return config.baseModelNameOrPath() == null ? "this base model" : config.baseModelNameOrPath();
    }

    /**
     * What {@link ModelFolders#resolve} finds the base model by: what Attune noted in attune.json, or else the configuration.
     *
     * @throws InputException where neither names one
     */
    public String base() {
        Path own = folder.resolve(Checkpoint.SETTINGS);
        if (Files.isRegularFile(own)) {
            try {
                String noted = new JsonMapper()
                        .readTree(own.toFile())
                        .path("base_model")
                        .asText();
                if (!noted.isEmpty()) {
                    return noted;
                }
            } catch (IOException e) {
                throw new InputException(own + " cannot be read: it is not what Attune writes.", e);
            }
        }
        String name = config.baseModelNameOrPath();
        if (name == null) {
            throw new InputException("The adapter in " + folder + " does not say which model it is for. Set"
                    + " base_model_name_or_path in its " + Checkpoint.ADAPTER_CONFIG + ".");
        }
        return BaseModel.of(name, config.revision()).spec();
    }

    /**
     * The base model's folder, fetched where needed.
     *
     * @throws InputException naming adapter and base model, where that cannot be had
     */
    public Path baseFolder(Download.Progress progress) {
        String base = base();
        try {
            return ModelFolders.fromEnvironment(progress).resolve(base);
        } catch (InputException e) {
            throw new InputException(
                    "The base model " + base + " of the adapter in " + folder + " cannot be had. " + e.getMessage(), e);
        }
    }

    /** Writes both files, the weights last: an adapter with weights is complete. */
    public static void write(Path folder, AdapterConfig config, Map<String, Tensor> tensors) {
        config.write(folder);
        SafetensorsWriter.write(folder.resolve(Checkpoint.ADAPTER_WEIGHTS), tensors);
    }

    @Override
    public void close() {
        weights.close();
    }
}
