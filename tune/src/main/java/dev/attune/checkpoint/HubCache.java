package dev.attune.checkpoint;

import dev.attune.files.AtomicFile;
import dev.attune.files.LockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * One model's part of the cache, laid out as huggingface_hub does, so that both find each other's files:
 *
 * <pre>
 * models--owner--name/blobs/ETAG                  the content, named by its hash
 *                     snapshots/COMMIT/FILE       a relative link to ../../blobs/ETAG, or the content itself
 *                     refs/REVISION               the commit a branch or tag stood at
 * .locks/models--owner--name/ETAG.lock
 * </pre>
 */
record HubCache(Path cache, String repo, boolean symlinks) {
    private static final String PREFIX = "models--";

    /** The models in a cache that have files, as owner/name, sorted. */
    static List<String> repositories(Path cache) {
        if (!Files.isDirectory(cache)) {
            return List.of();
        }
        try (var folders = Files.list(cache)) {
            return folders.filter(folder -> Files.isDirectory(folder.resolve("snapshots")))
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> name.startsWith(PREFIX))
                    .map(name -> name.substring(PREFIX.length()).replace("--", "/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + cache + ": " + e.getMessage(), e);
        }
    }

    private String folderName() {
        return PREFIX + repo.replace("/", "--");
    }

    Path folder() {
        return cache.resolve(folderName());
    }

    Path snapshot(String commit) {
        return folder().resolve("snapshots").resolve(commit);
    }

    Path blob(String etag) {
        return folder().resolve("blobs").resolve(etag);
    }

    LockFile lock(String etag) {
        return LockFile.acquire(cache.resolve(".locks").resolve(folderName()).resolve(etag + ".lock"));
    }

    /** The commit that {@code revision} stood at when it was last downloaded. */
    Optional<String> commit(String revision) {
        if (HubModel.isCommit(revision)) {
            return Optional.of(revision);
        }
        Path ref = folder().resolve("refs").resolve(revision);
        try {
            return Optional.of(Files.readString(ref).strip()).filter(HubModel::isCommit);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + ref + ": " + e.getMessage(), e);
        }
    }

    /** Notes where {@code revision} stands. */
    void point(String revision, String commit) {
        if (!HubModel.isCommit(revision) && !commit(revision).equals(Optional.of(commit))) {
            AtomicFile.writeString(folder().resolve("refs").resolve(revision), commit);
        }
    }

    /**
     * Gives a blob its name in a snapshot: a link where the file system has them, else the content itself, moved there
     * when the blob is new and nothing else can name it.
     */
    void name(String etag, String commit, String file, boolean fresh) throws IOException {
        Path snapshot = snapshot(commit);
        Path pointer = snapshot.resolve(file);
        Path blob = blob(etag);
        Files.createDirectories(snapshot);
        if (Files.exists(pointer, LinkOption.NOFOLLOW_LINKS) && !Files.exists(pointer)) {
            Files.delete(pointer); // a link whose blob was removed
        }
        if (symlinks) {
            try {
                Files.createSymbolicLink(pointer, snapshot.relativize(blob));
                return;
            } catch (FileAlreadyExistsException e) {
                return;
            } catch (IOException | UnsupportedOperationException e) {
                // Windows without the right to make links, or a file system without them
            }
        }
        if (fresh) {
            Files.move(blob, pointer, StandardCopyOption.REPLACE_EXISTING);
        } else {
            AtomicFile.write(pointer, temporary -> Files.copy(blob, temporary));
        }
    }
}
