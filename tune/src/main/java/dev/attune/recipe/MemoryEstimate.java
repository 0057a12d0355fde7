package dev.attune.recipe;

import dev.attune.checkpoint.Checkpoint;
import dev.attune.model.Backbone;
import dev.attune.model.ModelConfig;
import dev.attune.torch.Dtype;
import dev.attune.training.Optimizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * About how much memory a run takes, in bytes: told by shapes, before the first pass. Tests hold what processes then took to
 * within {@value #FACTOR} times of it.
 *
 * @param mapped weights that are read from the file's own pages, which the system may take back
 * @param weights those that are copied: converted, trained, or an adapter's
 * @param training gradients and what the optimizer remembers of them
 * @param activations of a training batch, or of an evaluation where that takes more
 * @param cache the frozen trunk's output
 * @param loading of the file while its weights are converted; gone before the first pass
 */
public record MemoryEstimate(long mapped, long weights, long training, long activations, long cache, long loading) {
    /** How far off an estimate may be. */
    public static final double FACTOR = 1.5;

    /** Java, libtorch and the tokenizer, before any model. */
    private static final long PROCESS = 320L << 20;

    /**
     * What is computed.
     *
     * @param graphBlocks how many blocks, from the top, keep a graph
     * @param blocksTrained whether anything in them is trained, so that a layer's input is kept too
     * @param batchTokens of the largest batch that goes through at once, with padding
     * @param evalTokens the same, of an evaluation
     * @param scored rows of a batch that are projected to the vocabulary
     * @param cache bytes of the frozen trunk's output
     */
    record Work(
            int graphBlocks,
            boolean blocksTrained,
            boolean checkpointing,
            long batchTokens,
            long evalTokens,
            long scored,
            long cache) {}

    /** Rows of logits that an evaluation holds at once. */
    private static final long LOGIT_ROWS = 256;

    /**
     * Estimates a run.
     *
     * @param folder the model's
     * @param adapter what is trained beside the model
     */
    static MemoryEstimate of(
            Path folder, Backbone backbone, Collection<Tensor> adapter, Optimizer.Kind optimizer, Work work) {
        var state = backbone.state().values();
        long trained = state.stream()
                .filter(Tensor::requires_grad)
                .mapToLong(Tensor::numel)
                .sum();
        long beside = adapter.stream().mapToLong(Tensor::numel).sum();
        long frozenBytes = state.stream()
                .filter(tensor -> !tensor.requires_grad())
                .mapToLong(tensor -> tensor.numel() * Dtype.of(tensor).bytes())
                .sum();
        var frozen = backbone.frozenDtype();
        long file = 0;
        long other = 0; // bytes that the file has in another dtype
        try (var checkpoint = Checkpoint.open(folder)) {
            for (String name : checkpoint.names()) {
                var dtype = checkpoint.dtype(name);
                long bytes = Arrays.stream(checkpoint.shape(name)).reduce(1, (a, b) -> a * b) * dtype.bytes();
                file += bytes;
                other += dtype == frozen ? 0 : bytes;
            }
        }
        boolean mapped = other < file / 2;
        long moments = optimizer == Optimizer.Kind.SGD ? 1 : 2;
        return new MemoryEstimate(
                mapped ? frozenBytes : 0,
                (mapped ? 0 : frozenBytes) + Float.BYTES * (trained + beside),
                Float.BYTES * (trained + beside) * (1 + moments),
                activations(backbone.config(), frozen.bytes(), work),
                work.cache(),
                mapped && trained == 0 ? 0 : file);
    }

    private static long activations(ModelConfig config, long bytes, Work work) {
        long c = config.hiddenSize();
        long keys = (long) config.kvHeads() * config.headDim();
        long inner = config.innerSize();
        // Queries, keys, values and what attention gives, in fp32; what the norms and the activation remember of their
        // inputs.
        long block = Float.BYTES * (2 * c + 2 * keys) + Float.BYTES * 2 * c + bytes * 3 * inner;
        if (work.blocksTrained()) {
            block += Float.BYTES * (3 * c + inner); // and the layers of theirs
        }
        long graphs = work.checkpointing() ? Math.min(1, work.graphBlocks()) : work.graphBlocks();
        long inputs = work.checkpointing() ? config.depth() * bytes * c : 0;
        long vocabulary = (long) config.vocabSize() * Float.BYTES;
        // Backward, a block's gradients stand beside what it remembers; logits, their logarithms and gradients.
        long step = work.batchTokens() * (graphs * block + inputs + block) + 3 * work.scored() * vocabulary;
        long evaluation = work.evalTokens() * (Float.BYTES * 6 * c + bytes * 3 * inner)
                + (work.scored() == 0 ? 0 : 2 * LOGIT_ROWS * vocabulary);
        return Math.max(step, evaluation);
    }

    /** All of it at the worst moment, with the process itself. */
    public long peak() {
        long converted = weights + loading;
        return PROCESS + Math.max(converted, mapped + weights + training + activations + cache);
    }

    /** Whether so much is not enough: mapped weights can be read again, all else has to stay. */
    boolean exceeds(long bytes) {
        return peak() - mapped > bytes;
    }

    /** The parts in MiB, under their names in provenance.json. */
    Map<String, Long> mib() {
        var parts = new LinkedHashMap<String, Long>();
        parts.put("weights_mapped", mapped >> 20);
        parts.put("weights_copied", weights >> 20);
        parts.put("gradients_and_optimizer", training >> 20);
        parts.put("activations", activations >> 20);
        parts.put("trunk_cache", cache >> 20);
        parts.put("peak", peak() >> 20);
        return parts;
    }

    /** One line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "memory, estimated: %,d MiB (weights %s mapped, %s copied; gradients and optimizer %s; activations %s;"
                        + " trunk cache %s)",
                peak() >> 20,
                size(mapped),
                size(weights),
                size(training),
                size(activations),
                size(cache));
    }

    private static String size(long bytes) {
        return String.format(Locale.ROOT, bytes < 10L << 20 ? "%.1f" : "%,.0f", bytes / (double) (1 << 20));
    }
}
