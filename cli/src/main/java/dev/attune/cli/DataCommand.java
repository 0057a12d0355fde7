package dev.attune.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code attune data …}: the labelled texts, before any model. */
@Command(
        name = "data",
        description = "List known data sets, fetch, describe and split data.",
        synopsisSubcommandLabel = "COMMAND")
final class DataCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    static CommandLine commandLine(Console console) {
        return new CommandLine(new DataCommand())
                .addSubcommand(new DataList(console))
                .addSubcommand(new DataGet(console))
                .addSubcommand(new DataDescribe(console))
                .addSubcommand(new DataSplit(console));
    }

    @Override
    public Integer call() {
        return Failures.missingCommand(spec);
    }
}
