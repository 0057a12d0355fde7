package dev.attune.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * model.safetensors.index.json: which of a folder's files holds which tensor.
 *
 * @param weightMap file name by tensor name
 */
record ShardIndex(Path folder, Map<String, String> weightMap) {
    static final String FILE_NAME = "model.safetensors.index.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    /** A file of the folder itself: an index must not lead out of it. */
    private static final Pattern PLAIN_NAME = Pattern.compile("[^/\\\\:\\x00-\\x1f]+\\.safetensors");

    static ShardIndex read(Path folder) {
        Path file = folder.resolve(FILE_NAME);
        JsonNode map = parse(file).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new InputException(file + " has no weight_map that names its tensors' files. Download it again.");
        }
        var weightMap = new LinkedHashMap<String, String>();
        for (var field : map.properties()) {
            String shard = field.getValue().asText();
            if (!field.getValue().isTextual() || !PLAIN_NAME.matcher(shard).matches()) {
                throw new InputException(file + " puts the tensor " + field.getKey() + " into " + field.getValue()
                        + ", which is not the name of a safetensors file of its own folder.");
            }
            weightMap.put(field.getKey(), shard);
        }
        return new ShardIndex(folder, weightMap);
    }

    /** Opens every shard, and gives each tensor's. */
    Map<String, SafetensorsFile> openShards() {
        var shards = new LinkedHashMap<String, SafetensorsFile>();
        var fileByTensor = new LinkedHashMap<String, SafetensorsFile>();
        weightMap.forEach((name, shardName) -> {
            var shard = shards.computeIfAbsent(shardName, this::openShard);
            if (!shard.names().contains(name)) {
                throw new InputException(folder.resolve(FILE_NAME) + " puts the tensor " + name + " into " + shardName
                        + ", which does not hold it. The files are of different versions: download them again.");
            }
            fileByTensor.put(name, shard);
        });
        return fileByTensor;
    }

    /** Writes the index under its name into its folder. */
    void write(long totalBytes) {
        var json = new LinkedHashMap<String, Object>();
        json.put("metadata", Map.of("total_size", totalBytes));
        json.put("weight_map", weightMap);
        try {
            String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
            AtomicFile.writeString(folder.resolve(FILE_NAME), text + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the tensors' names cannot be written: " + e.getOriginalMessage(), e);
        }
    }

    private SafetensorsFile openShard(String shardName) {
        Path shard = folder.resolve(shardName);
        if (!Files.exists(shard)) {
            throw new InputException("The shard " + shardName + " that " + FILE_NAME + " names is missing from "
                    + folder + ". Download it again.");
        }
        return SafetensorsFile.open(shard);
    }

    private static JsonNode parse(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file + " is not valid JSON: " + e.getOriginalMessage() + ". Download it again.", e);
        } catch (IOException e) {
            throw new InputException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
