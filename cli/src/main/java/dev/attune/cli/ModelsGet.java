package dev.attune.cli;

import dev.attune.checkpoint.ModelFolders;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code attune models get}: has a model ready for when there is no network. */
@Command(
        name = "get",
        description = "Download a model, or unpack the built-in one, and print its folder.",
        footer = {
            "",
            "Examples:",
            "  attune models get minilm",
            "  attune models get google-bert/bert-base-uncased",
            "",
            "HF_HOME, HF_TOKEN, HF_ENDPOINT and HF_HUB_OFFLINE mean what they mean to Hugging Face's own tools."
        })
final class ModelsGet implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "minilm, or owner/name[@revision] on the Hugging Face hub.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String model;

    ModelsGet(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (var progress = new Progress(console)) {
            var folder = ModelFolders.fromEnvironment(progress::fetching).resolve(model);
            progress.finish();
            console.out().println(folder);
        }
        return 0;
    }
}
