package dev.attune.bench;

import dev.attune.classifier.LengthBatches;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Tensors;
import dev.attune.training.Batches;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Token ids to padded batches: which texts go together, and their ids as one tensor. */
@State(Scope.Benchmark)
public class BatchBenchmark {
    private int[] lengths;
    private List<int[]> longest;

    @Setup
    public void encode() {
        try (var tokenizer = Tokenizer.load(Inputs.miniLm())) {
            List<int[]> ids = tokenizer.encodeAll(Inputs.messages().texts(), 512);
            lengths = ids.stream().mapToInt(row -> row.length).toArray();
            longest = Arrays.stream(LengthBatches.all(lengths, 2048).get(0))
                    .mapToObj(ids::get)
                    .toList();
        }
    }

    /** All texts in batches of at most 2,048 tokens, longest first, as for classification. */
    @Benchmark
    public List<int[]> lengthBatches() {
        return LengthBatches.all(lengths, 2048);
    }

    /** The batches of an epoch of training, 8 texts each. */
    @Benchmark
    public List<int[]> trainingBatches() {
        return Batches.epoch(lengths, 8, true, 42, 1);
    }

    /** The first of the length batches as a tensor. */
    @Benchmark
    @SuppressWarnings("try") // the scope frees the tensor
    public long padded() {
        try (var scope = new PointerScope()) {
            return Tensors.padded(longest).numel();
        }
    }
}
