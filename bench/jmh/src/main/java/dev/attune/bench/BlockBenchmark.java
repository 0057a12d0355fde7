package dev.attune.bench;

import dev.attune.checkpoint.Checkpoint;
import dev.attune.model.Attention;
import dev.attune.model.Backbone;
import dev.attune.model.Families;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.model.ModelConfig;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * MiniLM's last block (attention and feed-forward, masks included) over 16 members of 98 to 128 tokens: computed for every
 * row, or for the one row of each member that a head reads.
 */
@State(Scope.Benchmark)
public class BlockBenchmark {
    private static final int MEMBERS = 16;
    private static final int WIDTH = 128;

    @Param({"F32", "BF16"})
    public Dtype dtype = Dtype.F32;

    private final int[] lengths =
            IntStream.range(0, MEMBERS).map(i -> WIDTH - 2 * i).toArray();
    private final int[] firstRows = new int[MEMBERS];
    private Backbone backbone;
    private Tensor hidden;

    @Setup
    @SuppressWarnings("try") // scope and mode are there for what they do
    public void load() {
        var folder = Inputs.miniLm();
        try (var checkpoint = Checkpoint.open(folder)) {
            var options = LoadOptions.frozen(new Head.None()).withFrozen(dtype);
            backbone =
                    Families.load(checkpoint, ModelConfig.read(folder), options).backbone();
        }
        int words = backbone.config().vocabSize();
        int[] ids =
                new SplittableRandom(42).ints((long) MEMBERS * WIDTH, 0, words).toArray();
        try (var scope = new PointerScope();
                var inference = new InferenceMode()) {
            hidden = backbone.embed(
                    Tensors.of(ids, MEMBERS, WIDTH), Attention.of(lengths).positions());
            hidden.retainReference(); // it outlives the scope
        }
    }

    @Benchmark
    public long everyRow() {
        return lastBlock(Attention.of(lengths));
    }

    @Benchmark
    public long oneRow() {
        return lastBlock(Attention.of(lengths).reading(firstRows));
    }

    @SuppressWarnings("try") // scope and mode are there for what they do
    private long lastBlock(Attention attention) {
        try (var scope = new PointerScope();
                var inference = new InferenceMode()) {
            return backbone.block(backbone.depth() - 1, hidden, attention).numel();
        }
    }

    @TearDown
    public void close() {
        hidden.releaseReference();
        backbone.close();
    }
}
