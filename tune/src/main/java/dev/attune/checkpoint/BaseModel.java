package dev.attune.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model under the names that files give it which are about it.
 *
 * @param spec what {@link ModelFolders#resolve} takes, wherever the process runs: an absolute folder, the built-in model, or
 *     owner/name[@revision]
 * @param nameOrPath what transformers and peft take: a folder, or owner/name
 * @param revision its branch, tag or commit on the hub; null for a folder and for main
 */
public record BaseModel(
        String spec, String nameOrPath, @Nullable String revision) {

    /** Names a model that {@link ModelFolders#resolve} has found. */
    public static BaseModel of(String spec) {
        if (spec.equals(MiniLm.NAME)) {
            return new BaseModel(spec, MiniLm.HUB_NAME, null);
        }
        Path folder = Path.of(spec);
        if (Files.isDirectory(folder)) {
            String path = folder.toAbsolutePath().normalize().toString();
            return new BaseModel(path, path, null);
        }
        return HubModel.parse(spec)
                .map(model -> of(model.repo(), model.revision().equals("main") ? null : model.revision()))
                .orElseThrow(() -> new IllegalArgumentException(spec + " is no model"));
    }

    /** A model that transformers or peft has named. */
    public static BaseModel of(String nameOrPath, @Nullable String revision) {
        return new BaseModel(revision == null ? nameOrPath : nameOrPath + "@" + revision, nameOrPath, revision);
    }
}
