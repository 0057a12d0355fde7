package dev.attune.files;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where downloaded data and models are kept: {@code ATTUNE_HOME}, or {@code ~/.cache/attune}.
 *
 * @param folder the folder, absolute; it need not exist yet
 */
public record Home(Path folder) {
    public Home {
        folder = folder.toAbsolutePath().normalize();
    }

    /** The home that this process's environment names. */
    public static Home fromEnvironment() {
        return of(System.getenv());
    }

    /** The home that {@code environment} names; an empty value counts as none. */
    public static Home of(Map<String, String> environment) {
        String named = environment.getOrDefault("ATTUNE_HOME", "");
        return new Home(
                named.isBlank() ? Path.of(System.getProperty("user.home"), ".cache", "attune") : Path.of(named));
    }

    /** Downloaded data sets, a folder each. */
    public Path data() {
        return folder.resolve("data");
    }

    /** Models made or kept by Attune itself, a Hugging Face folder each. The hub's models lie in the hub's own cache. */
    public Path models() {
        return folder.resolve("models");
    }

    /** Waits for the lock of that name, so that two processes do not fetch or build the same thing at once. */
    public LockFile lock(String name) {
        return LockFile.acquire(folder.resolve("locks").resolve(name + ".lock"));
    }
}
