package dev.attune.cli;

import dev.attune.torch.Libtorch;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code attune} command. */
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

    /** Commands that certainly compute with tensors; the others load libtorch when they need it. */
    private static final Set<String> COMPUTING =
            Set.of("quickstart", "train", "evaluate", "classify", "generate", "chat");

    public static void main(String[] args) throws InterruptedException {
        var out = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        var given = List.of(args);
        boolean computes =
                given.stream().findFirst().filter(COMPUTING::contains).isPresent()
                        && !given.contains("--help")
                        && !given.contains("-h");
        if (!computes) {
            System.exit(run(Console.ofThisProcess(out), out, args));
        }
        // Reading options, data and tokenizers takes as long as loading the libraries, and there are two cores at
        // least.
        var libraries = Libtorch.load();
        int code = run(Console.ofThisProcess(out), out, args);
        libraries.join();
        System.exit(code);
    }

    /** Runs the command, and fails too where what it printed could not be written. */
    static int run(Console console, StandardOutput out, String... args) {
        int code = run(console, args);
        console.out().flush();
        var lost = out.failure();
        lost.ifPresent(why -> console.err().println("attune: standard output cannot be written: " + why));
        console.err().flush();
        return lost.isPresent() && code == ExitCode.OK ? ExitCode.SOFTWARE : code;
    }

    /** Runs the command with these arguments and gives its exit code. */
    static int run(Console console, String... args) {
        var commandLine = commandLine(console);
        var called = commandLine;
        for (String arg : args) {
            called = called.getSubcommands().getOrDefault(arg, called);
        }
        if (called.getCommand() instanceof LateOptions late) {
            late.addOptions(called.getCommandSpec());
        }
        try {
            return commandLine.execute(args);
        } catch (Error e) { // picocli hands on exceptions only
            return Failures.crashed(e, commandLine);
        }
    }

    private static CommandLine commandLine(Console console) {
        return new CommandLine(new Attune())
                .addSubcommand(new QuickstartCommand(console))
                .addSubcommand(new TrainCommand(console))
                .addSubcommand(new EvaluateCommand(console))
                .addSubcommand(new ClassifyCommand(console))
                .addSubcommand(new ExploreCommand(console))
                .addSubcommand(new BaselineCommand(console))
                .addSubcommand(new CompareCommand(console))
                .addSubcommand(new GenerateCommand(console))
                .addSubcommand(new ChatCommand(console))
                .addSubcommand(DataCommand.commandLine(console))
                .addSubcommand(ModelsCommand.commandLine(console))
                .addSubcommand(AdapterCommand.commandLine(console))
                .setOut(console.out())
                .setErr(console.err())
                .setUsageHelpWidth(110)
                .setUsageHelpLongOptionsMaxWidth(34)
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
        return Failures.missingCommand(spec);
    }
}
