package dev.attune.checkpoint;

import dev.attune.torch.Dtype;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;

/**
 * Writes a model's weights into a Hugging Face folder: as model.safetensors, or above a size as shards with an index.
 * Weights that the folder held before under these names are removed once the new ones are complete.
 */
public final class CheckpointWriter {
    /** 5 GB, the shard size of transformers. */
    public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

    private static final Pattern OURS =
            Pattern.compile("model(-\\d{5}-of-\\d{5})?\\.safetensors|model\\.safetensors\\.index\\.json");

    private CheckpointWriter() {}

    /** Writes {@code tensors} with {@link #DEFAULT_SHARD_BYTES}. */
    public static void write(Path folder, Map<String, Tensor> tensors) {
        write(folder, tensors, DEFAULT_SHARD_BYTES);
    }

    /**
     * Writes {@code tensors}, in their order, into as few files as the size allows.
     *
     * @param shardBytes the largest file's bytes of data; only a single tensor may take more
     */
    public static void write(Path folder, Map<String, Tensor> tensors, long shardBytes) {
        List<Map<String, Tensor>> shards = split(tensors, shardBytes);
        Set<String> written = new HashSet<>();
        if (shards.size() == 1) {
            SafetensorsWriter.write(folder.resolve(Checkpoint.WEIGHTS), tensors);
            written.add(Checkpoint.WEIGHTS);
        } else {
            var weightMap = new LinkedHashMap<String, String>();
            for (int i = 0; i < shards.size(); i++) {
                String name = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
                SafetensorsWriter.write(folder.resolve(name), shards.get(i));
                shards.get(i).keySet().forEach(tensor -> weightMap.put(tensor, name));
                written.add(name);
            }
            new ShardIndex(folder, weightMap)
                    .write(tensors.values().stream()
                            .mapToLong(CheckpointWriter::bytes)
                            .sum());
            written.add(ShardIndex.FILE_NAME);
        }
        removeOthers(folder, written);
    }

    private static List<Map<String, Tensor>> split(Map<String, Tensor> tensors, long shardBytes) {
        var shards = new ArrayList<Map<String, Tensor>>();
        var shard = new LinkedHashMap<String, Tensor>();
        long size = 0;
        for (var tensor : tensors.entrySet()) {
            long bytes = bytes(tensor.getValue());
            if (!shard.isEmpty() && size + bytes > shardBytes) {
                shards.add(shard);
                shard = new LinkedHashMap<>();
                size = 0;
            }
            shard.put(tensor.getKey(), tensor.getValue());
            size += bytes;
        }
        shards.add(shard);
        return shards;
    }

    private static long bytes(Tensor tensor) {
        return tensor.numel() * Dtype.of(tensor).bytes();
    }

    private static void removeOthers(Path folder, Set<String> written) {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (OURS.matcher(name).matches() && !written.contains(name)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove the former weights in " + folder, e);
        }
    }
}
