package dev.attune.cli;

import dev.attune.recipe.DataOptions;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Sources;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The texts that a command works on: arguments, a data set, or standard input line by line.
 *
 * @param arguments the texts among the command's arguments
 */
record InputTexts(CommandSpec command, Console console, List<String> arguments) {
    /** Lines that are waiting already are worked on together, up to so many. */
    private static final int BATCH = 64;

    /** A text stays one row in, one row out; its label, if it has one, is not looked at. */
    private static final Set<String> NOT_HERE = Set.of("label-column", "empty-text", "label-names");

    InputTexts {
        if (!arguments.isEmpty() && !RecipeFlags.given(command).isEmpty()) {
            throw new ParameterException(command.commandLine(), "texts are given both as arguments and as --data");
        }
    }

    /** Adds --data and the options that say how a file is read. */
    static void addOptions(CommandSpec command) {
        RecipeFlags.addTo(
                command,
                option -> option.name().equals("data")
                        || (DataDescribe.reads(option) && !NOT_HERE.contains(option.name())));
    }

    /**
     * Hands all texts over in batches, a line of standard input as soon as it is there.
     *
     * @param work tells whether to go on
     */
    void inBatches(Progress progress, Predicate<List<String>> work) {
        if (RecipeFlags.given(command).containsKey("data")) {
            var data = dataOptions();
            for (var part : Sources.toPredict(data, progress).values()) {
                all(part.texts(), work);
            }
        } else if (arguments.isEmpty()) {
            lines(work);
        } else {
            all(arguments, work);
        }
    }

    /** What --data and the options beside it say. */
    DataOptions dataOptions() {
        return RecipeFlags.overlay(Recipe.defaults().with(Map.of("empty-text", "keep")), command)
                .data();
    }

    private static void all(List<String> texts, Predicate<List<String>> work) {
        for (int start = 0; start < texts.size(); start += BATCH) {
            if (!work.test(texts.subList(start, Math.min(texts.size(), start + BATCH)))) {
                return;
            }
        }
    }

    private void lines(Predicate<List<String>> work) {
        var in = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
        try {
            String line = in.readLine();
            while (line != null) {
                var batch = new ArrayList<String>();
                while (line != null) {
                    batch.add(line);
                    if (batch.size() == BATCH || !in.ready()) {
                        break;
                    }
                    line = in.readLine();
                }
                if (!work.test(batch) || line == null) {
                    return;
                }
                line = in.readLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read standard input: " + e.getMessage(), e);
        }
    }
}
