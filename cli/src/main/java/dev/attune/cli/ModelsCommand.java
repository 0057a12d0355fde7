package dev.attune.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code attune models …}: the pretrained models that can be tuned. */
@Command(
        name = "models",
        description = "List, fetch and look into pretrained models.",
        synopsisSubcommandLabel = "COMMAND")
final class ModelsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    static CommandLine commandLine(Console console) {
        return new CommandLine(new ModelsCommand())
                .addSubcommand(new ModelsList(console))
                .addSubcommand(new ModelsGet(console))
                .addSubcommand(new ModelsShow(console));
    }

    @Override
    public Integer call() {
        return Failures.missingCommand(spec);
    }
}
