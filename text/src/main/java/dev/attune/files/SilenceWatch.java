package dev.attune.files;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Closes a stream on which nothing has come for too long: java.net.http has no time limit for a body. */
final class SilenceWatch implements AutoCloseable {
    private final InputStream watched;
    private final Duration limit;
    private final Thread thread;
    private volatile long lastHeard = System.nanoTime();
    private volatile boolean expired;

    SilenceWatch(InputStream watched, Duration limit) {
        this.watched = watched;
        this.limit = limit;
        thread = new Thread(this::watch, "attune-download-watch");
        thread.setDaemon(true);
        thread.start();
    }

    void heard() {
        lastHeard = System.nanoTime();
    }

    boolean expired() {
        return expired;
    }

    String describe(IOException e) {
        return expired ? "the server fell silent" : "the connection broke (" + Http.reason(e) + ")";
    }

    private void watch() {
        try {
            while (true) {
                long left = limit.toNanos() - (System.nanoTime() - lastHeard);
                if (left <= 0) {
                    expired = true;
                    watched.close();
                    return;
                }
                Thread.sleep(left / 1_000_000 + 1);
            }
        } catch (InterruptedException e) {
            // the download has ended
        } catch (IOException e) {
            // closed all the same; the reader sees why
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
