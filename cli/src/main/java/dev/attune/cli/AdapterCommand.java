package dev.attune.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code attune adapter …}: adapters in the format of Hugging Face's peft. */
@Command(
        name = "adapter",
        description = "Look into peft adapters, merge them into their base model, and move them to and from peft.",
        synopsisSubcommandLabel = "COMMAND")
final class AdapterCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    static CommandLine commandLine(Console console) {
        return new CommandLine(new AdapterCommand())
                .addSubcommand(new AdapterInspect(console))
                .addSubcommand(new AdapterMerge(console))
                .addSubcommand(new AdapterExport(console))
                .addSubcommand(new AdapterImport(console));
    }

    @Override
    public Integer call() {
        return Failures.missingCommand(spec);
    }
}
