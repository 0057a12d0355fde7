package dev.attune.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file to be fetched over HTTP. It grows under a temporary name and gets its own name only when it is whole and
 * right; a download that broke off, or whose process was killed, goes on where it stopped (RFC 9110: Range, If-Range).
 * Two at once for the same target must be kept apart by the caller, with a {@link LockFile}.
 *
 * @param source where the file is
 * @param size its length in bytes, or -1 where it is not known beforehand
 * @param checksum what its content must hash to, or null where it is not known
 * @param token sent as a bearer token to the source's own host only, or null
 * @param patience how long to wait for a silent server, and how long between attempts
 */
public record Download(
        URI source,
        long size,
        @Nullable Checksum checksum,
        @Nullable String token,
        Patience patience) {
    private static final Logger log = LoggerFactory.getLogger(Download.class);

    /** Told how far a download is. */
    @FunctionalInterface
    public interface Progress {
        Progress NONE = (source, bytes, total) -> {};

        /**
         * Called after each piece, from the downloading thread.
         *
         * @param bytes how many bytes of the file are on disk, those of earlier attempts included
         * @param total the file's length, or -1 where the server does not say
         */
        void at(URI source, long bytes, long total);
    }

    /**
     * Waiting and trying again.
     *
     * @param attempts how many in a row may fail without bringing at least a mebibyte
     * @param pause before the second attempt; doubled with each further one, at most 30 s
     * @param silence after which a server that sends nothing is given up
     */
    public record Patience(int attempts, Duration pause, Duration silence) {
        public static final Patience DEFAULT = new Patience(6, Duration.ofMillis(500), Duration.ofSeconds(60));

        private Duration beforeAttempt(int attempt) {
            Duration longest = Duration.ofSeconds(30);
            Duration doubled = pause.multipliedBy(1L << Math.min(attempt - 2, 20));
            return doubled.compareTo(longest) < 0 ? doubled : longest;
        }
    }

    private static final long WORTHWHILE = 1 << 20;

    /** A download of which nothing is known but its address. */
    public static Download of(URI source) {
        return new Download(source, -1, null, null, Patience.DEFAULT);
    }

    public Download withSize(long bytes) {
        return new Download(source, bytes, checksum, token, patience);
    }

    public Download withChecksum(Checksum expected) {
        return new Download(source, size, expected, token, patience);
    }

    public Download withToken(@Nullable String bearer) {
        return new Download(source, size, checksum, bearer, patience);
    }

    public Download withPatience(Patience changed) {
        return new Download(source, size, checksum, token, changed);
    }

    /** Fetches the file; it grows as {@code target}'s name + ".part". See {@link #to(Path, Path, Progress)}. */
    public Path to(Path target, Progress progress) {
        return to(target, target.resolveSibling(target.getFileName() + ".part"), progress);
    }

    /**
     * Fetches the file into {@code target}, replacing what is there; it grows as {@code partial} in the same file system.
     *
     * @return target
     * @throws InputException when the server refuses, or what it sends has not the expected length or checksum (it is
     *     deleted then), or the connection keeps breaking (what came stays in {@code partial} for the next call)
     * @throws UncheckedIOException when the disk cannot be written
     */
    public Path to(Path target, Path partial, Progress progress) {
        var part = new PartialFile(partial);
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            boolean startedOver = false;
            for (int failures = 0; ; ) {
                long before = part.size();
                try {
                    fetch(part, progress);
                } catch (Broken e) {
                    failures = part.size() - before >= WORTHWHILE ? 1 : failures + 1;
                    if (failures >= patience.attempts()) {
                        throw new InputException(
                                "Cannot download " + source + ": " + e.getMessage() + " (" + failures
                                        + " attempts). Try again later; what has arrived is kept.",
                                e);
                    }
                    Duration pause = patience.beforeAttempt(failures + 1);
                    log.info("{}: {}; trying again in {} ms", source, e.getMessage(), pause.toMillis());
                    sleep(pause);
                    continue;
                }
                Optional<String> wrong = fault(partial);
                if (wrong.isEmpty()) {
                    Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                    part.delete();
                    return target;
                }
                part.delete();
                if (before == 0 || startedOver) {
                    throw new InputException("What " + source + " sent is not the file that was asked for: "
                            + wrong.get() + " It has been deleted.");
                }
                // The first bytes may be from another version of the file: once more from the start.
                log.info("{}: {} Starting over.", source, wrong.get());
                startedOver = true;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot download " + source + " to " + target + ": " + e.getMessage(), e);
        }
    }

    private Optional<String> fault(Path file) throws IOException {
        if (size >= 0 && Files.size(file) != size) {
            return Optional.of("it is " + Files.size(file) + " bytes long, not " + size + ".");
        }
        if (checksum != null) {
            var found = Checksum.of(checksum.kind(), file);
            if (!found.equals(checksum)) {
                return Optional.of("its " + checksum.kind() + " is " + found.hex() + ", not " + checksum.hex() + ".");
            }
        }
        return Optional.empty();
    }

    /** One attempt: leaves the partial file whole, or throws {@link Broken} when another attempt may help. */
    private void fetch(PartialFile part, Progress progress) throws IOException {
        String validator = part.validator();
        long have = part.size();
        if (have > 0 && validator == null && checksum == null) {
            part.delete(); // nothing would tell whether the rest belongs to these bytes
            have = 0;
        }
        var request = Http.request(source, token).timeout(patience.silence());
        request.header("Accept-Encoding", "identity");
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
            if (validator != null) {
                request.header("If-Range", validator);
            }
        }
        HttpResponse<InputStream> response;
        try {
            response = Http.send(request.GET(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedIOException e) {
            throw Thread.currentThread().isInterrupted() ? e : new Broken(Http.reason(e), e);
        } catch (IOException e) {
            throw new Broken(Http.reason(e), e);
        }
        try (var body = response.body()) {
            switch (response.statusCode()) {
                case 200 -> {
                    part.restart(Http.strongValidator(response.headers()));
                    receive(body, part, length(response, 0), progress);
                }
                case 206 -> {
                    var range = Http.ContentRange.of(response.headers());
                    if (range.start() != have) {
                        part.delete();
                        throw new Broken("the server sent bytes from " + range.start() + ", not from " + have);
                    }
                    String now = Http.strongValidator(response.headers()).orElse(validator);
                    if (validator != null && !validator.equals(now)) {
                        part.delete();
                        throw new Broken("the file has changed on the server");
                    }
                    receive(body, part, range.total() >= 0 ? range.total() : length(response, have), progress);
                }
                case 416 -> {
                    // Nothing is left to send: either all is here, or what is here is of another file.
                    if (Http.ContentRange.of(response.headers()).total() != have || have == 0) {
                        part.delete();
                        throw new Broken("the server has no bytes from " + have + " on");
                    }
                }
                case 408, 425, 429, 500, 502, 503, 504 ->
                    throw new Broken("the server answers " + response.statusCode());
                default -> throw new InputException(Http.refusal(source, response.statusCode()));
            }
        }
    }

    private static long length(HttpResponse<?> response, long before) {
        var length = response.headers().firstValueAsLong("Content-Length");
        return length.isPresent() ? before + length.getAsLong() : -1;
    }

    private void receive(InputStream body, PartialFile part, long total, Progress progress) throws IOException {
        if (size >= 0 && total >= 0 && total != size) {
            part.delete();
            throw new InputException("What " + source + " offers is " + total + " bytes long, not " + size
                    + ": it is not the file that was asked for.");
        }
        long written = part.size();
        progress.at(source, written, total);
        byte[] buffer = new byte[1 << 16];
        try (var out = Files.newOutputStream(part.file(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                var watch = new SilenceWatch(body, patience.silence())) {
            while (true) {
                int read;
                try {
                    read = body.read(buffer);
                } catch (IOException e) {
                    throw new Broken(watch.describe(e) + " after " + written + " bytes", e);
                }
                if (read < 0) {
                    break;
                }
                watch.heard();
                out.write(buffer, 0, read);
                written += read;
                if (size >= 0 && written > size) {
                    throw new InputException(
                            "What " + source + " sends is longer than the " + size + " bytes that were asked for.");
                }
                progress.at(source, written, total);
            }
            if (watch.expired()) {
                throw new Broken("the server fell silent after " + written + " bytes");
            }
        } catch (InputException e) {
            part.delete();
            throw e;
        }
        if (total >= 0 && written < total) {
            throw new Broken("the connection ended after " + written + " of " + total + " bytes");
        }
    }

    private static void sleep(Duration pause) throws InterruptedIOException {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** What a further attempt may mend. */
    private static final class Broken extends IOException {
        private static final long serialVersionUID = 1;

        Broken(String message) {
            super(message);
        }

        Broken(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The bytes so far, and beside them which version of the file they are of. */
    private record PartialFile(Path file) {
        private Path validatorFile() {
            return file.resolveSibling(file.getFileName() + ".etag");
        }

        long size() throws IOException {
            return Files.exists(file) ? Files.size(file) : 0;
        }

        @Nullable String validator() throws IOException {
            try {
                return Files.readString(validatorFile());
            } catch (NoSuchFileException e) {
                return null;
            }
        }

        void restart(Optional<String> validator) throws IOException {
            delete();
            if (validator.isPresent()) {
                Files.writeString(validatorFile(), validator.get());
            }
        }

        void delete() throws IOException {
            Files.deleteIfExists(file);
            Files.deleteIfExists(validatorFile());
        }
    }
}
