package dev.attune.checkpoint;

import dev.attune.files.InputException;
import dev.attune.torch.Dtype;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file, opened for reading. Opening reads and checks the header only; the first {@link #tensor} maps the
 * file into memory (private, copy on write), and each tensor is a view of that mapping: nothing is copied, pages are
 * read from disk when they are touched, and writing into a tensor leaves the file as it is.
 *
 * <p>Lifetimes: a tensor holds the mapping by itself and outlives {@link #close}. Like any tensor it belongs to the
 * PointerScope it is asked in. The file belongs to none and may be used across scopes until it is closed. While it is
 * mapped the file may be replaced (as {@link dev.attune.files.AtomicFile} does), never cut short in place.
 */
public final class SafetensorsFile implements AutoCloseable {
    /** Bytes that are read at once. */
    private static final long CHUNK = 1 << 26;

    private final Path path;
    private final SafetensorsHeader header;
    private @Nullable Tensor mapping;
    private @Nullable FileChannel channel;

    private SafetensorsFile(Path path, SafetensorsHeader header) {
        this.path = path;
        this.header = header;
    }

    /**
     * Reads and checks the header.
     *
     * @throws InputException naming the file and the tensor, when it is missing, broken or cut short
     */
    public static SafetensorsFile open(Path path) {
        return new SafetensorsFile(path, SafetensorsHeader.read(path));
    }

    public Path path() {
        return path;
    }

    /** The tensors' names in the order of their bytes. */
    public Set<String> names() {
        return header.tensors().keySet();
    }

    /** The header's free text, {@code {"format": "pt"}} as a rule; empty when there is none. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    public Dtype dtype(String name) {
        return entry(name).dtype();
    }

    public long[] shape(String name) {
        return entry(name).shapeArray();
    }

    /**
     * The tensor of that name, on the processor and in the file's dtype: a view of the file, or a copy where its bytes
     * are not aligned to its dtype.
     *
     * @throws InputException when there is none of that name
     */
    public Tensor tensor(String name) {
        var entry = entry(name);
        long begin = header.dataStart() + entry.begin();
        try (Tensor bytes = mapping().narrow(0, begin, entry.end() - entry.begin());
                Tensor aligned = begin % entry.dtype().bytes() == 0 ? bytes.detach() : bytes.clone();
                Tensor elements = aligned.view(entry.dtype().scalarType())) {
            return elements.view(entry.shapeArray());
        }
    }

    /**
     * The same in memory of its own, for what is converted or trained: of a mapping the file's pages would be in memory beside
     * what is made of them, until all of it is.
     *
     * @throws InputException when there is none of that name, or the file cannot be read
     */
    public Tensor copy(String name) {
        var entry = entry(name);
        long size = entry.end() - entry.begin();
        try (Tensor bytes =
                        torch.empty(new long[] {size}, new TensorOptions(ScalarType.Byte), new MemoryFormatOptional());
                Tensor elements = bytes.view(entry.dtype().scalarType());
                var memory = new BytePointer(bytes.data_ptr())) {
            for (long at = 0; at < size; at += CHUNK) {
                long to = Math.min(size, at + CHUNK);
                memory.position(at).limit(to);
                fill(memory.asByteBuffer(), header.dataStart() + entry.begin() + at);
            }
            return elements.view(entry.shapeArray());
        } catch (IOException e) {
            throw new InputException("Cannot read the tensor " + name + " from " + path + ": " + e.getMessage(), e);
        }
    }

    private void fill(ByteBuffer buffer, long from) throws IOException {
        long at = from;
        while (buffer.hasRemaining()) {
            int count = channel().read(buffer, at);
            if (count < 0) {
                throw new EOFException("it ends at byte " + at);
            }
            at += count;
        }
    }

    private synchronized FileChannel channel() throws IOException {
        if (channel == null) {
            channel = FileChannel.open(path);
        }
        return channel;
    }

    /** Gives the mapping back, as soon as no tensor holds it any more. The file can be read on: it is mapped anew. */
    @Override
    public synchronized void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            channel = null;
        }
        if (mapping != null) {
            mapping.releaseReference();
            mapping = null;
        }
    }

    private SafetensorsHeader.Entry entry(String name) {
        var entry = header.tensors().get(name);
        if (entry == null) {
            throw NearestNames.missingTensor(name, path, names());
        }
        return entry;
    }

    @SuppressWarnings(
            "try") // the scope takes the new tensor in place of one of the caller's, which may stay open for long
    private synchronized Tensor mapping() {
        if (mapping == null) {
            try (var scope = new PointerScope();
                    var name = new BytePointer(path.toString(), StandardCharsets.UTF_8);
                    var shared = new BoolOptional(false);
                    var size = new LongOptional(header.fileSize());
                    var options = new TensorOptions(ScalarType.Byte)) {
                Tensor whole = torch.from_file(name, shared, size, options);
                // Counted once for this object: the scope gives up only its own reference.
                whole.retainReference();
                mapping = whole;
            } catch (RuntimeException e) {
                throw new InputException("Cannot map " + path + " into memory: " + e.getMessage(), e);
            }
        }
        return mapping;
    }
}
