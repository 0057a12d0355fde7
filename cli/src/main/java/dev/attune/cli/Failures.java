package dev.attune.cli;

import dev.attune.files.InputException;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
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

    /** A command that could not do its work. */
    static int failed(Exception e, CommandLine command, ParseResult arguments) {
        Attune attune = command.getCommandSpec().root().commandLine().getCommand();
        var err = command.getErr();
        boolean foreseen = e instanceof InputException || e instanceof UncheckedIOException;
        err.println("attune: " + (foreseen ? e.getMessage() : "internal error: " + e));
        if (attune.verbose()) {
            e.printStackTrace(err);
        } else if (!foreseen) {
            err.println("Run it again with --verbose for the stack trace.");
        }
        return ExitCode.SOFTWARE;
    }
}
