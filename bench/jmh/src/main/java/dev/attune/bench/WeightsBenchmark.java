package dev.attune.bench;

import dev.attune.checkpoint.Checkpoint;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** MiniLM's model.safetensors (90 MB, 101 tensors, in the system's cache of files): opened, mapped, read. */
@State(Scope.Benchmark)
public class WeightsBenchmark {
    /** fp32 values in a page of memory. */
    private static final long PAGE = 1024;

    private Path folder;

    @Setup
    public void find() {
        folder = Inputs.miniLm();
    }

    /** The header alone, read and checked. */
    @Benchmark
    public int open() {
        try (var checkpoint = Checkpoint.open(folder)) {
            return checkpoint.names().size();
        }
    }

    /** Each tensor as a view of the mapped file, none of them read. */
    @Benchmark
    @SuppressWarnings("try") // the scope frees the views
    public long map() {
        long elements = 0;
        try (var scope = new PointerScope();
                var checkpoint = Checkpoint.open(folder)) {
            for (String name : checkpoint.names()) {
                elements += checkpoint.tensor(name).numel();
            }
        }
        return elements;
    }

    /** One value of each page of the file, so that all of it is brought into the process. */
    @Benchmark
    @SuppressWarnings("try") // the scope frees the views
    public float touch() {
        float sum = 0;
        try (var scope = new PointerScope();
                var checkpoint = Checkpoint.open(folder)) {
            for (String name : checkpoint.names()) {
                Tensor values = checkpoint.tensor(name).flatten();
                Tensor pages = values.slice(0, new LongOptional(0), new LongOptional(values.numel()), PAGE);
                sum += pages.sum().item_float();
            }
        }
        return sum;
    }
}
