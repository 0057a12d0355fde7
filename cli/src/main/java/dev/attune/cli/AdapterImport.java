package dev.attune.cli;

import dev.attune.checkpoint.ModelFolders;
import dev.attune.classifier.AdapterTransfer;
import dev.attune.classifier.Reading;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune adapter import}: a peft adapter as a classifier folder. */
@Command(
        name = "import",
        description = {
            "Make a folder to classify with of a peft adapter for sequence classification: its files, its tokenizer or the base"
                    + " model's, the labels' names and where the base model is here. Adapter and base model are tried together"
                    + " first."
        },
        footer = {
            "",
            "Examples:",
            "  attune adapter import owner/adapter --labels ham,spam --out runs/imported",
            "  attune adapter import peft-output --base models/bert-base-uncased --out runs/imported"
        })
final class AdapterImport implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ADAPTER", description = "A peft folder, or owner/name[@revision] on the hub.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String adapter;

    @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "Folder to write.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Option(names = "--base", paramLabel = "MODEL", description = "Base model (default: as the adapter says).")
    private @Nullable String base;

    @Option(
            names = "--labels",
            paramLabel = "NAMES",
            split = ",",
            description = "Labels in the order of the head's rows (default: the base model's, or LABEL_0 and so on).")
    private @Nullable List<String> labels;

    @Option(
            names = "--reading",
            paramLabel = "ROW",
            description = "Row the head reads: last, cls or mean (default: the family's, as transformers reads).")
    private @Nullable Reading reading;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "Longest text in tokens (default: what the model takes).")
    private @Nullable Integer maxLength;

    AdapterImport(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (var progress = new Progress(console)) {
            Path folder = ModelFolders.fromEnvironment(progress::fetching).resolve(adapter);
            AdapterTransfer.importTo(folder, base, labels, reading, maxLength, out, progress::fetching);
        }
        console.out().println("The classifier is in " + out);
        return 0;
    }
}
