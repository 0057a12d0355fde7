package dev.attune.cli;

import dev.attune.files.InputException;
import dev.attune.generation.GenerationOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How text is generated, as flags. */
final class GenerationFlags {
    @Option(names = "--max-new-tokens", paramLabel = "N", description = "Most tokens to add (default: 128).")
    private @Nullable Integer maxNewTokens;

    @Option(names = "--max-length", paramLabel = "N", description = "Most tokens of prompt and text together.")
    private @Nullable Integer maxLength;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Above 0, draw tokens, with the scores divided by it (default: 0, the likeliest token).")
    private double temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "Draw among the K likeliest (default: 0, all).")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Draw among the likeliest that sum to P (default: 1, all).")
    private double topP = 1;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "X",
            description = "Above 1, make tokens less likely that came up already (default: 1).")
    private double repetitionPenalty = 1;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of what is drawn (default: 0).")
    private long seed;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End before this text; may be given several times.")
    private List<String> stop = new ArrayList<>();

    @Option(
            names = "--no-cache",
            description = "Run the whole text again for each token instead of keeping keys and values.")
    private boolean noCache;

    /** What was given; values that do not fit are wrong usage. */
    GenerationOptions options(CommandSpec command) {
        try {
            return new GenerationOptions(
                    temperature, topK, topP, repetitionPenalty, seed, maxNewTokens, maxLength, stop, !noCache);
        } catch (InputException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }
}
