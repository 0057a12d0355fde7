package dev.attune.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Exclusive use of something on disk among threads and processes. The system gives the lock back when a process dies.
 * The empty file stays: removing it would let a third process lock a new file while a second still waits for the old.
 */
public final class LockFile implements AutoCloseable {
    // File locks belong to the whole JVM: its own threads need a lock of their own.
    private static final ConcurrentMap<Path, ReentrantLock> WITHIN_THIS_PROCESS = new ConcurrentHashMap<>();

    private final ReentrantLock threads;
    private final FileChannel channel;

    private LockFile(ReentrantLock threads, FileChannel channel) {
        this.threads = threads;
        this.channel = channel;
    }

    /** Waits until nobody else holds {@code file}; not to be taken twice by one thread. */
    public static LockFile acquire(Path file) {
        Path path = file.toAbsolutePath().normalize();
        ReentrantLock threads = WITHIN_THIS_PROCESS.computeIfAbsent(path, p -> new ReentrantLock());
        threads.lock();
        try {
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                channel.lock(); // lasts as long as the channel is open
                return new LockFile(threads, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            threads.unlock();
            throw new UncheckedIOException("Cannot lock " + path + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            threads.unlock();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.unlock();
        }
    }
}
