package dev.attune.checkpoint;

import dev.attune.files.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the hub is and where its files are kept, under the environment variables of Hugging Face's own library.
 *
 * @param endpoint the hub's address without a final slash (HF_ENDPOINT)
 * @param cache the folder that is shared with Hugging Face's library (HF_HUB_CACHE, or hub in HF_HOME)
 * @param token for private and gated models (HF_TOKEN, or the file token in HF_HOME), or null
 * @param offline whether only the cache is looked at (HF_HUB_OFFLINE)
 * @param symlinks whether snapshots may be links into the blobs (not with HF_HUB_DISABLE_SYMLINKS)
 */
public record HubSettings(
        URI endpoint, Path cache, @Nullable String token, boolean offline, boolean symlinks) {
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

    /** The settings that this process's environment names. */
    public static HubSettings fromEnvironment() {
        return of(System.getenv());
    }

    /** The settings that {@code environment} names. */
    public static HubSettings of(Map<String, String> environment) {
        Path home = folder(environment, "HF_HOME");
        if (home == null) {
            Path caches = folder(environment, "XDG_CACHE_HOME");
            home = (caches == null ? userHome().resolve(".cache") : caches).resolve("huggingface");
        }
        Path cache = folder(environment, "HF_HUB_CACHE");
        if (cache == null) {
            cache = folder(environment, "HUGGINGFACE_HUB_CACHE");
        }
        return new HubSettings(
                endpoint(environment),
                (cache == null ? home.resolve("hub") : cache).toAbsolutePath().normalize(),
                token(environment, home),
                isTrue(environment, "HF_HUB_OFFLINE") || isTrue(environment, "TRANSFORMERS_OFFLINE"),
                !isTrue(environment, "HF_HUB_DISABLE_SYMLINKS"));
    }

    private static URI endpoint(Map<String, String> environment) {
        String address = environment.getOrDefault("HF_ENDPOINT", "");
        try {
            return URI.create(
                    address.isBlank()
                            ? "https://huggingface.co"
                            : address.strip().replaceAll("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new InputException("HF_ENDPOINT is no address: " + address, e);
        }
    }

    private static @Nullable String token(Map<String, String> environment, Path home) {
        for (String name : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
            String token = environment.getOrDefault(name, "").strip();
            if (!token.isEmpty()) {
                return token;
            }
        }
        Path named = folder(environment, "HF_TOKEN_PATH");
        Path file = named == null ? home.resolve("token") : named;
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            String token = Files.readString(file).strip();
            return token.isEmpty() ? null : token;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the hub's token in " + file + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable Path folder(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "").strip();
        if (value.isEmpty()) {
            return null;
        }
        return value.startsWith("~/") ? userHome().resolve(value.substring(2)) : Path.of(value);
    }

    private static Path userHome() {
        return Path.of(System.getProperty("user.home"));
    }

    private static boolean isTrue(Map<String, String> environment, String name) {
        return TRUE.contains(environment.getOrDefault(name, "").strip().toUpperCase(Locale.ROOT));
    }
}
