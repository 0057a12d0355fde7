package dev.attune.tokenizer;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.attune.files.Home;
import dev.attune.files.InputException;
import org.jspecify.annotations.Nullable;

/**
 * Hugging Face's Rust library, unpacked from DJL's jar into ATTUNE_HOME (default ~/.cache/attune) unless DJL itself
 * was given a folder. DJL is kept offline meanwhile: else it would download a CUDA build where it sees a GPU.
 */
final class NativeLibrary {
    private NativeLibrary() {}

    static TokenizersLibrary load() {
        boolean placed = isSet("ENGINE_CACHE_DIR") || isSet("DJL_CACHE_DIR");
        String folder = placed
                ? null
                : Home.fromEnvironment().folder().resolve("native").toString();
        try {
            // System properties are DJL's only switches; they get their former values back.
            withProperty(
                    "ai.djl.offline", "true", () -> withProperty("ENGINE_CACHE_DIR", folder, LibUtils::checkStatus));
            return TokenizersLibrary.LIB;
        } catch (EngineException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new InputException(
                    "The native tokenizer library cannot be loaded on %s %s (%s). It is unpacked below %s; set ATTUNE_HOME to a folder that can be written."
                            .formatted(
                                    System.getProperty("os.name"),
                                    System.getProperty("os.arch"),
                                    cause.getMessage(),
                                    folder == null ? "DJL's cache folder" : folder),
                    e);
        }
    }

    private static boolean isSet(String name) {
        return System.getenv(name) != null || System.getProperty(name) != null;
    }

    private static void withProperty(String name, @Nullable String value, Runnable action) {
        String before = System.getProperty(name);
        if (value != null) {
            System.setProperty(name, value);
        }
        try {
            action.run();
        } finally {
            if (before == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, before);
            }
        }
    }
}
