package dev.attune.cli;

import dev.attune.files.InputException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into a line or two on standard error and an exit code. */
final class Failures {
    private Failures() {}

    /** Arguments that cannot be understood: what is wrong, the nearest known name, where to read more. */
    static int wrongUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        var err = command.getErr();
        err.println(name + ": " + e.getMessage());
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> nearest = unmatched.getSuggestions();
            if (!nearest.isEmpty()) {
                err.println("Did you mean: " + String.join(", or ", nearest) + "?");
            }
        }
        err.println("See '" + name + " --help'.");
        return ExitCode.USAGE;
    }

    /** A command that only holds others, called without one of them. */
    static int missingCommand(CommandSpec spec) {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    /** A command that could not do its work. */
    static int failed(Exception e, CommandLine command, ParseResult arguments) {
        boolean foreseen = e instanceof InputException || e instanceof UncheckedIOException;
        return report(foreseen ? String.valueOf(e.getMessage()) : null, e, command);
    }

    /** A library that does not load, memory that is full: what Java does not call an exception. */
    static int crashed(Error e, CommandLine command) {
        String message = e instanceof OutOfMemoryError
                ? "Java's memory is full (" + (Runtime.getRuntime().maxMemory() >> 20)
                        + " MiB). Give it more, such as ATTUNE_JAVA_OPTS=-Xmx8g, or take fewer rows."
                : null;
        return report(message, e, command);
    }

    private static int report(@Nullable String message, Throwable e, CommandLine command) {
        Attune attune = command.getCommandSpec().root().commandLine().getCommand();
        var err = command.getErr();
        err.println("attune: " + (message == null ? "internal error: " + e : message));
        if (attune.verbose()) {
            e.printStackTrace(err);
        } else if (message == null) {
            err.println("Run it again with --verbose for the stack trace.");
        }
        return ExitCode.SOFTWARE;
    }
}
