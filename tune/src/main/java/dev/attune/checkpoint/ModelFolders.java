package dev.attune.checkpoint;

import dev.attune.files.Download;
import dev.attune.files.Home;
import dev.attune.files.InputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the Hugging Face folder that a model's name stands for, fetching or making it first where needed.
 *
 * @param home where the built-in model is unpacked
 * @param hub where other models come from
 * @param progress told of downloads
 */
public record ModelFolders(Home home, HubSettings hub, Download.Progress progress) {

    /** As this process's environment says: ATTUNE_HOME, HF_HOME, HF_TOKEN and so on. */
    public static ModelFolders fromEnvironment(Download.Progress progress) {
        return new ModelFolders(Home.fromEnvironment(), HubSettings.fromEnvironment(), progress);
    }

    /**
     * The folder with the model's config.json (or an adapter's adapter_config.json), weights and tokenizer.
     *
     * @param spec a folder; else the built-in "minilm"; else owner/name or owner/name@revision on the hub
     * @throws InputException when it is none of these, or cannot be downloaded
     */
    public Path resolve(String spec) {
        Path folder;
        try {
            folder = Path.of(spec);
        } catch (InvalidPathException e) {
            throw unknown(spec);
        }
        boolean isFolder = !spec.isBlank() && Files.isDirectory(folder);
        if (isFolder && (has(folder, HubFiles.CONFIG) || has(folder, Checkpoint.ADAPTER_CONFIG))) {
            return folder;
        }
        if (spec.equals(MiniLm.NAME)) {
            return new MiniLm(home).folder();
        }
        if (isFolder) {
            throw new InputException("The folder " + folder + " holds no model: it has neither " + HubFiles.CONFIG
                    + " nor " + Checkpoint.ADAPTER_CONFIG + ".");
        }
        return HubModel.parse(spec)
                .map(model -> new Hub(hub, Download.Patience.DEFAULT, progress).snapshot(model))
                .orElseThrow(() -> unknown(spec));
    }

    /** What {@link #resolve} finds without a network: the built-in model, and the hub's models in its cache. */
    public List<String> local() {
        var found = new ArrayList<String>();
        found.add(MiniLm.NAME);
        found.addAll(HubCache.repositories(hub.cache()));
        return found;
    }

    private static boolean has(Path folder, String file) {
        return Files.isRegularFile(folder.resolve(file));
    }

    private static InputException unknown(String spec) {
        return new InputException("There is no model \"" + spec + "\". Name a folder that exists, the built-in "
                + MiniLm.NAME + ", or a model of the Hugging Face hub as owner/name or owner/name@revision.");
    }
}
