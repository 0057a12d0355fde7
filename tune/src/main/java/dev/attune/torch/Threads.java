package dev.attune.torch;

import static org.bytedeco.openblas.presets.openblas_nolapack.blas_set_num_threads;

import dev.attune.files.InputException;
import org.bytedeco.pytorch.global.torch;

/**
 * How many threads libtorch takes for one operation. The setting is the whole process's. Libtorch's other pool, for
 * operations beside each other, is left alone: only graph interpreters use it, and it can be set once in a process.
 */
public final class Threads {
    private Threads() {}

    /**
     * Sets the threads of one operation.
     *
     * @throws InputException when {@code count} is less than 1
     */
    public static void set(int count) {
        if (count < 1) {
            throw new InputException("The number of threads must be 1 or more, not " + count + ".");
        }
        torch.set_num_threads(count);
        blas_set_num_threads(count);
    }

    /**
     * Takes one thread for each of OpenBLAS's products until it is closed. Libtorch's attention calls them from all of its own
     * threads at once; where they are large enough for several threads, those then wait for one another: scoring texts against 77
     * labels took four times as long on two cores.
     */
    public static Setting productsInOneThread() {
        blas_set_num_threads(1);
        return () -> blas_set_num_threads(count());
    }

    /** Holds until it is closed. */
    @FunctionalInterface
    public interface Setting extends AutoCloseable {
        @Override
        void close();
    }

    /** The threads of one operation; libtorch starts with one for each physical core. */
    public static int count() {
        return torch.get_num_threads();
    }
}
