package dev.attune.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.files.InputException;
import dev.attune.torch.Dtype;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a safetensors file says about itself: eight bytes with the header's length (little endian), then the header in
 * JSON, then the tensors' bytes. A header that is read here is wholly checked: every tensor lies inside the file, its
 * bytes are as many as its shape needs, and the tensors cover the data without gap or overlap, as the format demands
 * (github.com/huggingface/safetensors).
 *
 * @param tensors by name, in the order of their bytes
 * @param dataStart where the tensors' bytes begin, in bytes from the file's beginning
 * @param fileSize in bytes
 */
record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata, long dataStart, long fileSize) {
    static final String METADATA_KEY = "__metadata__";

    private static final int LENGTH_BYTES = 8;
    /** The reference implementation's limit. */
    private static final int MAX_HEADER_BYTES = 100_000_000;

    private static final JsonMapper STRICT_JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** One tensor: its bytes run from {@code begin} to {@code end} (exclusive), counted from the data's start. */
    record Entry(Dtype dtype, List<Long> shape, long begin, long end) {
        long[] shapeArray() {
            return shape.stream().mapToLong(Long::longValue).toArray();
        }
    }

    /**
     * Reads and checks the header.
     *
     * @throws InputException naming the file, and the tensor where it is one's fault
     */
    static SafetensorsHeader read(Path file) {
        try (var channel = FileChannel.open(file)) {
            long fileSize = channel.size();
            if (fileSize < LENGTH_BYTES) {
                throw broken(file, "it has " + fileSize + " bytes, fewer than the header's length takes");
            }
            long length = read(channel, file, 0, LENGTH_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            if (length < 0 || length > MAX_HEADER_BYTES) {
                throw broken(
                        file,
                        "its header claims " + Long.toUnsignedString(length) + " bytes, the format allows "
                                + MAX_HEADER_BYTES);
            }
            if (length > fileSize - LENGTH_BYTES) {
                throw broken(file, "its header claims " + length + " bytes, the file has " + fileSize);
            }
            long dataStart = LENGTH_BYTES + length;
            return new Parser(file, fileSize - dataStart)
                    .parse(read(channel, file, LENGTH_BYTES, (int) length))
                    .header(dataStart, fileSize);
        } catch (NoSuchFileException e) {
            throw new InputException("There is no file " + file + ".", e);
        } catch (IOException e) {
            throw new InputException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static ByteBuffer read(FileChannel channel, Path file, long position, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw broken(file, "it ends inside its header");
            }
        }
        return buffer.flip();
    }

    private static InputException broken(Path file, String reason) {
        return new InputException(file + " is not a whole safetensors file: " + reason
                + ". Download or copy it again; an unfinished download or a Git LFS pointer looks like this.");
    }

    /** Turns the header's JSON into entries and checks them against the bytes there are. */
    private static final class Parser {
        private final Path file;
        private final long dataSize;
        private final Map<String, Entry> tensors = new LinkedHashMap<>();
        private final Map<String, String> metadata = new LinkedHashMap<>();

        Parser(Path file, long dataSize) {
            this.file = file;
            this.dataSize = dataSize;
        }

        SafetensorsHeader header(long dataStart, long fileSize) {
            return new SafetensorsHeader(
                    Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(metadata), dataStart, fileSize);
        }

        Parser parse(ByteBuffer bytes) {
            JsonNode root = json(bytes);
            var unordered = new ArrayList<Map.Entry<String, Entry>>();
            for (var field : root.properties()) {
                if (field.getKey().equals(METADATA_KEY)) {
                    readMetadata(field.getValue());
                } else {
                    unordered.add(Map.entry(field.getKey(), entry(field.getKey(), field.getValue())));
                }
            }
            unordered.sort(Map.Entry.comparingByValue(
                    Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end)));
            checkCover(unordered);
            unordered.forEach(e -> tensors.put(e.getKey(), e.getValue()));
            return this;
        }

        private JsonNode json(ByteBuffer bytes) {
            try {
                String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
                if (!text.startsWith("{")) {
                    throw broken(file, "its header does not start with '{'");
                }
                return STRICT_JSON.readTree(text);
            } catch (CharacterCodingException e) {
                throw broken(file, "its header is not UTF-8");
            } catch (JsonProcessingException e) {
                throw broken(file, "its header is not valid JSON (" + e.getOriginalMessage() + ")");
            }
        }

        private void readMetadata(JsonNode node) {
            if (!node.isObject()) {
                throw broken(file, METADATA_KEY + " is not an object");
            }
            for (var field : node.properties()) {
                if (!field.getValue().isTextual()) {
                    throw broken(file, METADATA_KEY + " holds something other than text under " + field.getKey());
                }
                metadata.put(field.getKey(), field.getValue().textValue());
            }
        }

        private Entry entry(String name, JsonNode node) {
            JsonNode dtypeName = member(name, node, "dtype");
            Dtype dtype = Dtype.named(dtypeName.asText())
                    .orElseThrow(() -> new InputException("Tensor " + name + " in " + file + " has the dtype "
                            + dtypeName + ", which is not one of those that can be read: "
                            + Arrays.toString(Dtype.values()) + "."));
            List<Long> shape = numbers(name, "shape", member(name, node, "shape"));
            List<Long> offsets = numbers(name, "data_offsets", member(name, node, "data_offsets"));
            if (offsets.size() != 2) {
                throw broken(file, "tensor " + name + " has " + offsets.size() + " data_offsets in place of 2");
            }
            var entry = new Entry(dtype, shape, offsets.get(0), offsets.get(1));
            if (entry.begin > entry.end || entry.end > dataSize) {
                throw broken(
                        file,
                        "tensor " + name + " claims the bytes " + entry.begin + " to " + entry.end + " of " + dataSize);
            }
            long needed = bytesOf(name, dtype, shape);
            if (needed != entry.end - entry.begin) {
                throw broken(
                        file,
                        "tensor " + name + " has " + (entry.end - entry.begin) + " bytes, its shape " + shape + " in "
                                + dtype + " needs " + needed);
            }
            return entry;
        }

        private JsonNode member(String name, JsonNode node, String key) {
            @Nullable JsonNode value = node.get(key);
            if (value == null) {
                throw broken(file, "tensor " + name + " has no " + key);
            }
            return value;
        }

        private List<Long> numbers(String name, String key, JsonNode array) {
            if (!array.isArray()) {
                throw broken(file, "the " + key + " of tensor " + name + " is not a list");
            }
            var numbers = new ArrayList<Long>();
            for (JsonNode number : array) {
                if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
                    throw broken(file, "the " + key + " of tensor " + name + " holds " + number);
                }
                numbers.add(number.longValue());
            }
            return List.copyOf(numbers);
        }

        private long bytesOf(String name, Dtype dtype, List<Long> shape) {
            try {
                long product = dtype.bytes();
                for (long size : shape) {
                    // Sizes beside a zero must not overflow either: strides are computed from them.
                    product = Math.multiplyExact(product, Math.max(1, size));
                }
                return shape.contains(0L) ? 0 : product;
            } catch (ArithmeticException e) {
                throw broken(file, "the shape " + shape + " of tensor " + name + " has more bytes than can be counted");
            }
        }

        private void checkCover(List<Map.Entry<String, Entry>> sorted) {
            long covered = 0;
            for (var tensor : sorted) {
                long begin = tensor.getValue().begin;
                if (begin != covered) {
                    String where = begin < covered
                            ? "inside the tensor before it, which ends at " + covered
                            : "after a gap that begins at " + covered;
                    throw broken(
                            file, "tensor " + tensor.getKey() + " begins at byte " + begin + " of the data, " + where);
                }
                covered = tensor.getValue().end;
            }
            if (covered != dataSize) {
                throw broken(file, "its tensors take " + covered + " bytes, the file has " + dataSize + " for them");
            }
        }
    }
}
