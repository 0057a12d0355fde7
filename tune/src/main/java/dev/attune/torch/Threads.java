package dev.attune.torch;

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
    }

    /** The threads of one operation; libtorch starts with one for each physical core. */
    public static int count() {
        return torch.get_num_threads();
    }
}
