package dev.attune.checkpoint;

import dev.attune.files.InputException;
import dev.attune.torch.Dtype;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/**
 * The weights of a Hugging Face folder: one model.safetensors, or shards that model.safetensors.index.json names.
 * Opening checks every header; tensors are views of the mapped files, with {@link SafetensorsFile}'s lifetimes.
 */
public final class Checkpoint implements AutoCloseable {
    /** The usual name of a model's weights. */
    public static final String WEIGHTS = "model.safetensors";

    /** What makes a folder a peft adapter. */
    public static final String ADAPTER_CONFIG = "adapter_config.json";

    /** An adapter's weights. */
    public static final String ADAPTER_WEIGHTS = "adapter_model.safetensors";

    /** What Hugging Face's files have no place for. */
    public static final String SETTINGS = "attune.json";

    private final Path source;
    private final Map<String, SafetensorsFile> fileByName;

    private Checkpoint(Path source, Map<String, SafetensorsFile> fileByName) {
        this.source = source;
        this.fileByName = Collections.unmodifiableMap(fileByName);
    }

    /**
     * Opens the weights in a folder. A whole model.safetensors is preferred to shards, as transformers does.
     *
     * @throws InputException when there are none, or a file is missing or broken
     */
    public static Checkpoint open(Path folder) {
        if (Files.isRegularFile(folder.resolve(WEIGHTS))) {
            return ofFile(folder.resolve(WEIGHTS));
        }
        if (Files.isRegularFile(folder.resolve(ShardIndex.FILE_NAME))) {
            return new Checkpoint(folder, ShardIndex.read(folder).openShards());
        }
        throw new InputException(whyNothingCanBeRead(folder));
    }

    /** Opens one safetensors file under whatever name, such as adapter_model.safetensors. */
    public static Checkpoint ofFile(Path file) {
        var opened = SafetensorsFile.open(file);
        var files = new LinkedHashMap<String, SafetensorsFile>();
        opened.names().forEach(name -> files.put(name, opened));
        return new Checkpoint(file, files);
    }

    /** The folder or file that was opened. */
    public Path source() {
        return source;
    }

    public Set<String> names() {
        return fileByName.keySet();
    }

    public boolean contains(String name) {
        return fileByName.containsKey(name);
    }

    public Dtype dtype(String name) {
        return file(name).dtype(name);
    }

    public long[] shape(String name) {
        return file(name).shape(name);
    }

    /**
     * The tensor of that name as the file has it, on the processor.
     *
     * @throws InputException naming the folder and the nearest names, when there is none
     */
    public Tensor tensor(String name) {
        return file(name).tensor(name);
    }

    /** The same in memory of its own; see {@link SafetensorsFile#copy}. */
    public Tensor copy(String name) {
        return file(name).copy(name);
    }

    /** The file that holds the tensor of that name. */
    public Path fileOf(String name) {
        return file(name).path();
    }

    /** Gives the mappings back; tensors that were handed out stay valid. */
    @Override
    public void close() {
        fileByName.values().forEach(SafetensorsFile::close);
    }

    private SafetensorsFile file(String name) {
        var file = fileByName.get(name);
        if (file == null) {
            throw NearestNames.missingTensor(name, source, names());
        }
        return file;
    }

    private static String whyNothingCanBeRead(Path folder) {
        if (!Files.isDirectory(folder)) {
            return "There is no model folder " + folder + ".";
        }
        List<String> pickled = List.of("pytorch_model.bin", "pytorch_model.bin.index.json").stream()
                .filter(name -> Files.exists(folder.resolve(name)))
                .toList();
        if (!pickled.isEmpty()) {
            return folder + " holds its weights as " + pickled.get(0) + ", Python's pickle, which is not read here."
                    + " Take a revision with model.safetensors, or convert it once with transformers'"
                    + " save_pretrained(folder, safe_serialization=True).";
        }
        return "There are no weights in " + folder + ": neither " + WEIGHTS + " nor " + ShardIndex.FILE_NAME + ".";
    }
}
