package dev.attune.cli;

import dev.attune.checkpoint.ModelFolders;
import dev.attune.classifier.AdapterTransfer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune adapter merge}: base model and adapter as one model. */
@Command(
        name = "merge",
        description = "Write base model and LoRA adapter as one Hugging Face folder, which needs neither of them.",
        footer = {
            "",
            "Examples:",
            "  attune adapter merge runs/spam-lora --out models/spam",
            "  attune adapter merge owner/adapter --base models/llama --out models/merged"
        })
final class AdapterMerge implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ADAPTER", description = "A run or adapter folder, or owner/name[@revision] on the hub.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String adapter;

    @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "Folder to write.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Option(names = "--base", paramLabel = "MODEL", description = "Base model (default: as the adapter says).")
    private @Nullable String base;

    @Option(
            names = "--dtype",
            paramLabel = "DTYPE",
            description = "float32 or bfloat16 (default: as the base model's weights are).")
    private @Nullable String dtype;

    AdapterMerge(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (var progress = new Progress(console)) {
            Path folder = ModelFolders.fromEnvironment(progress::fetching).resolve(adapter);
            AdapterTransfer.merge(folder, base, LoadedModel.dtype(dtype), out, progress::fetching);
        }
        console.out().println("The merged model is in " + out);
        return 0;
    }
}
