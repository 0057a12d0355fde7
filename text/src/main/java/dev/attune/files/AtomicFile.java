package dev.attune.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Pattern;

/** Writes a file whole or not at all: into a temporary name beside it, flushed to disk, then moved over the old one. */
public final class AtomicFile {
    /** Fills the temporary file; whatever it throws, the target keeps its old content. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Path temporary) throws IOException;
    }

    private static final Pattern TEMPORARY = Pattern.compile("\\..+\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");

    private AtomicFile() {}

    /**
     * Replaces {@code target} by what {@code content} writes; missing parent folders are made.
     *
     * @throws UncheckedIOException naming the target, when it cannot be written (full disk, no permission)
     */
    public static void write(Path target, Content content) {
        Path absolute = target.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new InputException(target + " is a file system's root, not a file that can be written.");
        }
        try {
            Files.createDirectories(parent);
            // Not Files.createTempFile: that would give every file of ours the permissions 0600.
            Path temporary = parent.resolve("." + absolute.getFileName() + "." + UUID.randomUUID() + ".tmp");
            try {
                content.writeTo(temporary);
                try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + target + ": " + e.getMessage(), e);
        }
    }

    /** Deletes temporary files in {@code folder} that a process which was killed while writing left behind. */
    public static void removeLeftovers(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*.tmp")) {
            for (Path file : files) {
                if (TEMPORARY.matcher(file.getFileName().toString()).matches()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot tidy " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Replaces {@code target} by the content of {@code source}. */
    public static void copy(Path source, Path target) {
        write(target, temporary -> Files.copy(source, temporary));
    }

    /** Replaces {@code target} by {@code text} in UTF-8. */
    public static void writeString(Path target, String text) {
        write(target, temporary -> Files.writeString(temporary, text, StandardCharsets.UTF_8));
    }
}
