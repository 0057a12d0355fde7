package dev.attune.cli;

import dev.attune.classifier.AdapterTransfer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune adapter export}: a run's adapter for peft and the hub. */
@Command(
        name = "export",
        description = {
            "Copy a run's adapter into a folder for peft and the hub: its two files, the tokenizer, the model card and"
                    + " attune.json, without logs, pictures and paths of this machine."
        },
        footer = {
            "",
            "Examples:",
            "  attune adapter export runs/spam-lora --base google-bert/bert-base-uncased --out spam-adapter"
        })
final class AdapterExport implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "RUN", description = "A run's folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path run;

    @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "Folder to write.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Option(
            names = "--base",
            paramLabel = "MODEL",
            description = "What peft is to find the base model by, such as owner/name (default: as the run names it).")
    private @Nullable String base;

    AdapterExport(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        AdapterTransfer.export(run, base, out);
        console.out().println("The adapter is in " + out);
        return 0;
    }
}
