package dev.attune.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code attune} command. It loads nothing heavy: each subcommand does, once it runs. */
@Command(
        name = "attune",
        description = "Fine-tune, evaluate and run text classifiers. Hugging Face files in, Hugging Face files out.",
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "'attune COMMAND --help' describes a command. Exit codes: 0 done, 1 failed, 2 wrong usage."})
public final class Attune implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit.")
    boolean version;

    private boolean verbose;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    public static void main(String[] args) {
        var console = Console.ofThisProcess();
        int code = commandLine(console).execute(args);
        console.out().flush();
        console.err().flush();
        System.exit(code);
    }

    /** The whole command, talking to {@code console}; its {@code execute} returns the exit code. */
    static CommandLine commandLine(Console console) {
        return new CommandLine(new Attune())
                .setOut(console.out())
                .setErr(console.err())
                .setUsageHelpWidth(110)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Failures::wrongUsage)
                .setExecutionExceptionHandler(Failures::failed);
    }

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log more, and show the stack trace when something fails.")
    void setVerbose(boolean verbose) {
        this.verbose = verbose;
        if (verbose) {
            // Read when the first logger is made, which is after the arguments are parsed.
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "info");
        }
    }

    boolean verbose() {
        return verbose;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
