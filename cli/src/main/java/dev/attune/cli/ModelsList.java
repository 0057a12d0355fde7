package dev.attune.cli;

import dev.attune.checkpoint.ModelFolders;
import dev.attune.files.Download;
import dev.attune.model.Families;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code attune models list}: what can be tuned. */
@Command(name = "list", description = "List the models that are here already, and the families that can be tuned.")
final class ModelsList implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    ModelsList(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        var local = ModelFolders.fromEnvironment(Download.Progress.NONE).local();
        if (json) {
            Json.println(console.out(), Map.of("local", local, "families", Families.names()));
            return 0;
        }
        var out = console.out();
        out.println("Here: " + String.join(", ", local));
        out.println("Families: " + String.join(", ", Families.names()));
        out.println("Any model of these families can be named: a Hugging Face folder, or owner/name on the hub.");
        return 0;
    }
}
