package dev.attune.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.files.AtomicFile;
import dev.attune.torch.Dtype;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Writes tensors as a safetensors file, laid out as the reference implementation does: largest alignment first, then by
 * name, behind a header padded to eight bytes. Tensors may be on any device and need not be contiguous; one at a time
 * is brought into shape, and its memory goes to the file without a further copy. Tensors that share memory are written
 * each for itself.
 */
public final class SafetensorsWriter {
    /** What Hugging Face's libraries expect to find in a file of PyTorch weights. */
    public static final Map<String, String> PYTORCH = Map.of("format", "pt");

    private static final JsonMapper JSON = new JsonMapper();
    private static final int CHUNK_BYTES = 1 << 28;

    private SafetensorsWriter() {}

    /** Writes {@code tensors} with the metadata {@link #PYTORCH}. */
    public static void write(Path file, Map<String, Tensor> tensors) {
        write(file, tensors, PYTORCH);
    }

    /**
     * Writes {@code tensors}, whole or not at all.
     *
     * @param metadata free text for the header; none is written when empty
     * @throws IllegalArgumentException for a dtype that the format does not have, or a name that cannot be one
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        AtomicFile.write(file, content(tensors, metadata));
    }

    /** The file's bytes, to be written once or more under a name that is not taken. */
    static AtomicFile.Content content(Map<String, Tensor> tensors, Map<String, String> metadata) {
        List<Map.Entry<String, Tensor>> ordered = tensors.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, Tensor> e) -> Dtype.of(e.getValue()))
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        byte[] header = header(ordered, metadata);
        return file -> {
            try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                var length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                writeAll(channel, length.putLong(header.length).flip());
                writeAll(channel, ByteBuffer.wrap(header));
                for (var tensor : ordered) {
                    writeData(channel, tensor.getValue());
                }
            }
        };
    }

    private static byte[] header(List<Map.Entry<String, Tensor>> ordered, Map<String, String> metadata) {
        var json = new LinkedHashMap<String, Object>();
        if (!metadata.isEmpty()) {
            json.put(SafetensorsHeader.METADATA_KEY, metadata);
        }
        long offset = 0;
        for (var entry : ordered) {
            if (entry.getKey().equals(SafetensorsHeader.METADATA_KEY)) {
                throw new IllegalArgumentException("a tensor cannot be called " + entry.getKey());
            }
            Tensor tensor = entry.getValue();
            var dtype = Dtype.of(tensor);
            long end = offset + tensor.numel() * dtype.bytes();
            var description = new LinkedHashMap<String, Object>();
            description.put("dtype", dtype.name());
            description.put("shape", tensor.shape());
            description.put("data_offsets", new long[] {offset, end});
            json.put(entry.getKey(), description);
            offset = end;
        }
        try {
            byte[] text = JSON.writeValueAsBytes(json);
            byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
            Arrays.fill(padded, text.length, padded.length, (byte) ' ');
            return padded;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the tensors' names cannot be written: " + e.getOriginalMessage(), e);
        }
    }

    @SuppressWarnings("try") // the scope frees the copies, whichever of the steps made one
    private static void writeData(FileChannel channel, Tensor tensor) throws IOException {
        try (var scope = new PointerScope()) {
            Tensor plain = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous();
            long size = plain.nbytes();
            var data = new BytePointer(plain.data_ptr());
            for (long position = 0; position < size; position += CHUNK_BYTES) {
                data.limit(Math.min(size, position + CHUNK_BYTES)).position(position);
                writeAll(channel, data.asByteBuffer());
            }
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
