package dev.attune.training;

import dev.attune.classifier.LengthBatches;
import dev.attune.files.InputException;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the frozen part of a model makes of each example, computed once: rows of all examples one after the other, without
 * padding, in memory or, past a limit, in a mapped file.
 */
final class TrunkCache implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrunkCache.class);

    private final Trunk trunk;
    private final Tensor rows; // (all rows, C)
    private final long[] starts;
    private final int[] lengths;
    private final @Nullable Path spilled;

    /** Computes the rows of a batch of examples, (B, T, C), T as long as the longest. */
    @FunctionalInterface
    interface Trunk {
        Tensor rows(int[] batch);
    }

    private TrunkCache(Trunk trunk, int[] lengths, long[] starts, Tensor rows, @Nullable Path spilled) {
        this.trunk = trunk;
        this.lengths = lengths.clone();
        this.starts = starts;
        this.rows = rows;
        this.spilled = spilled;
    }

    /**
     * A cache of the same shape whose examples all share their rows: what stands there means nothing, and computing and reading it
     * takes as long.
     */
    static TrunkCache standIn(Trunk trunk, int[] lengths, int width, Dtype dtype) {
        long longest = Arrays.stream(lengths).max().orElse(1);
        try (var options = new TensorOptions(dtype.scalarType())) {
            Tensor rows = torch.randn(new long[] {longest, width}, options);
            return new TrunkCache(trunk, lengths, new long[lengths.length + 1], rows, null);
        }
    }

    /**
     * Runs the trunk over all examples.
     *
     * @param lengths rows that are kept of each example, from its first on
     * @param tokens of each example, as many as go through the trunk
     * @param width C
     * @param dtype of what the trunk computes, and so exact
     * @param memory bytes from which the rows go to {@code spill}
     * @param spill file of this cache alone; one that a killed run left is overwritten
     */
    static TrunkCache filled(
            Trunk trunk,
            int[] lengths,
            int[] tokens,
            int width,
            Dtype dtype,
            int tokenBudget,
            long memory,
            Path spill,
            TrainingListener listener) {
        long[] starts = new long[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            starts[i + 1] = starts[i] + lengths[i];
        }
        long total = starts[lengths.length];
        long bytes = total * width * dtype.bytes();
        Path spilled = bytes > memory ? spill.toAbsolutePath() : null;
        Tensor rows;
        if (spilled != null) {
            try (Tensor flat = mapped(spilled, total * width, dtype)) {
                rows = flat.view(total, width);
            }
            LOG.info("The frozen trunk's output takes {} MiB: kept in {} while the run lasts.", bytes >> 20, spilled);
        } else {
            try (var options = new TensorOptions(dtype.scalarType())) {
                rows = torch.empty(new long[] {total, width}, options, null);
            }
        }
        var cache = new TrunkCache(trunk, lengths, starts, rows, spilled);
        int done = 0;
        for (int[] batch : LengthBatches.all(tokens, tokenBudget)) {
            cache.compute(batch);
            done += batch.length;
            listener.preparing("frozen trunk", done, lengths.length);
        }
        return cache;
    }

    /** Runs the trunk over a batch and keeps its rows. */
    @SuppressWarnings("try") // scope and guard are there for what they do, not to be called
    void compute(int[] batch) {
        try (var scope = new PointerScope();
                var noGrad = new NoGradGuard()) {
            Tensor hidden = trunk.rows(batch); // (B, T, C)
            for (int i = 0; i < batch.length; i++) {
                int example = batch[i];
                rows.narrow(0, starts[example], lengths[example])
                        .copy_(hidden.select(0, i).narrow(0, 0, lengths[example]));
            }
        }
    }

    private static Tensor mapped(Path file, long elements, Dtype dtype) {
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(file);
            long bytes = elements * dtype.bytes();
            long free = Files.getFileStore(file.getParent()).getUsableSpace();
            if (bytes > free) { // a mapped page that finds no room would end the process
                throw new InputException("The frozen trunk's output takes " + (bytes >> 20) + " MiB, but "
                        + file.getParent() + " has room for " + (free >> 20)
                        + ". Raise --trunk-cache-memory, or switch the trunk cache off.");
            }
            return torch.from_file(
                    file.toString(),
                    new BoolOptional(true),
                    new LongOptional(elements),
                    new TensorOptions(dtype.scalarType()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /** The rows of a batch of examples, padded with rows that mean nothing. (B, T, C) */
    Tensor rows(int[] batch) {
        int width = Arrays.stream(batch).map(i -> lengths[i]).max().orElseThrow();
        long[] index = new long[batch.length * width];
        for (int b = 0; b < batch.length; b++) {
            for (int t = 0; t < width; t++) {
                index[b * width + t] = starts[batch[b]] + Math.min(t, lengths[batch[b]] - 1);
            }
        }
        return rows.index_select(0, Tensors.of(index)).view(batch.length, width, rows.size(1));
    }

    @Override
    public void close() {
        rows.close();
        if (spilled != null) {
            try {
                Files.deleteIfExists(spilled);
            } catch (IOException e) {
                LOG.warn("Cannot delete {}: {}", spilled, e.getMessage());
            }
        }
    }
}
