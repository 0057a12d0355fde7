package dev.attune.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C (or TERM) while a run is under way: asks the run to stop after its step, and holds the virtual machine until the
 * run has saved itself. Before the first step there is nothing to save, and the process ends at once.
 */
final class StopSignal implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::onShutdown, "stop");
    private volatile boolean worthSaving;
    private volatile boolean requested;

    StopSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** From now on the run has something to lose. */
    void stepsBegin() {
        worthSaving = true;
    }

    /** Whether the run is to save itself and end. */
    boolean requested() {
        return requested;
    }

    private void onShutdown() {
        requested = true;
        if (!worthSaving) {
            return;
        }
        System.err.println("attune: saving the run ...");
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("attune: the run did not end in time; what was saved last is kept");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The virtual machine is shutting down: the hook is what waits for us.
        }
    }
}
