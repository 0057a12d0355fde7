package dev.attune.cli;

import dev.attune.generation.Generation;
import dev.attune.generation.GenerationListener;
import dev.attune.generation.GenerationOptions;
import dev.attune.generation.NextTokens;
import dev.attune.generation.NextTokensPicture;
import dev.attune.generation.TextGenerator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune generate}: prompts in, what a language model makes of them out. */
@Command(
        name = "generate",
        abbreviateSynopsis = true,
        sortOptions = false,
        description = {
            "Go on with prompts, or answer them (T5): arguments, a file, or standard input line by line.",
            "",
            "Prints the text behind one prompt as it comes; of several, a line each with prompt and text, with a tab"
                    + " between them. With --json an object a line."
        },
        footer = {
            "",
            "Examples:",
            "  attune generate smollm2 \"The capital of France is\" --max-new-tokens 20",
            "  attune generate smollm2 \"Once upon a time\" --temperature 0.8 --top-p 0.95 --seed 7",
            "  attune generate smollm2 \"The capital of France is\" --explain-logits --picture next.png"
        })
final class GenerateCommand implements Callable<Integer>, LateOptions {
    private final Console console;

    @Mixin
    private final LoadedModel model = new LoadedModel();

    @Parameters(index = "1..*", paramLabel = "PROMPT", description = "Prompts (default: lines of standard input).")
    private List<String> prompts = new ArrayList<>();

    @Mixin
    private final GenerationFlags flags = new GenerationFlags();

    @Option(names = "--json", description = "Print one JSON object a line: prompt, text, tokens, finish.")
    private boolean json;

    @Option(names = "--no-stream", description = "Print the text when it is complete.")
    private boolean noStream;

    @Option(
            names = "--explain-logits",
            description =
                    "Generate nothing; show the likeliest next tokens with logits, probabilities and the chance to be"
                            + " chosen under the options.")
    private boolean explainLogits;

    @Option(names = "--top", paramLabel = "N", description = "How many tokens --explain-logits shows (default: 10).")
    private int top = 10;

    @Option(names = "--picture", paramLabel = "FILE", description = "Draw --explain-logits too: a .png or .svg file.")
    private @Nullable Path picture;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    GenerateCommand(Console console) {
        this.console = console;
    }

    @Override
    public void addOptions(CommandSpec command) {
        InputTexts.addOptions(command);
    }

    @Override
    public Integer call() {
        var input = new InputTexts(spec, console, prompts);
        var options = flags.options(spec);
        if (top < 1) {
            throw new ParameterException(spec.commandLine(), "--top is " + top + "; it must be 1 or above.");
        }
        if (picture != null && !(explainLogits && single())) {
            throw new ParameterException(
                    spec.commandLine(), "--picture draws one prompt, given as an argument, with --explain-logits.");
        }
        try (var progress = new Progress(console);
                var generator = model.generator(progress)) {
            input.inBatches(progress, batch -> {
                if (explainLogits) {
                    batch.forEach(prompt -> explain(generator, prompt, options));
                } else if (single() && !json && !noStream) {
                    stream(generator, batch, options);
                } else {
                    print(batch, generator.generate(batch, options, GenerationListener.NONE));
                }
                return !console.out().checkError();
            });
        }
        return 0;
    }

    private boolean single() {
        return prompts.size() == 1;
    }

    private void stream(TextGenerator generator, List<String> prompt, GenerationOptions options) {
        var out = console.out();
        generator.generate(prompt, options, (number, piece) -> {
            out.print(piece);
            return !out.checkError(); // which flushes
        });
        out.println();
    }

    private void print(List<String> batch, List<Generation> generations) {
        for (int i = 0; i < batch.size(); i++) {
            var generation = generations.get(i);
            if (json) {
                var map = new LinkedHashMap<String, Object>();
                map.put("prompt", batch.get(i));
                map.put("text", generation.text());
                map.put("prompt_tokens", generation.promptTokens());
                map.put("tokens", generation.ids());
                map.put("finish", generation.finish().name().toLowerCase(Locale.ROOT));
                Json.println(console.out(), map);
            } else if (single()) {
                console.out().println(generation.text());
            } else {
                console.out().println(Terminal.oneLine(batch.get(i)) + "\t" + Terminal.oneLine(generation.text()));
            }
        }
    }

    private void explain(TextGenerator generator, String prompt, GenerationOptions options) {
        var next = generator.nextTokens(prompt, top, options);
        if (picture != null) {
            NextTokensPicture.write(next, picture);
        }
        if (json) {
            var map = new LinkedHashMap<String, Object>();
            map.put("prompt", next.prompt());
            map.put("prompt_tokens", next.promptTokens());
            map.put("candidates", next.candidates());
            Json.println(console.out(), map);
            return;
        }
        console.out().println(Terminal.oneLine(prompt) + " …");
        var table = new Table().row("text", "token", "id", "logit", "probability", "chance");
        for (NextTokens.Candidate c : next.candidates()) {
            table.row(
                    c.quoted(),
                    c.token(),
                    c.id(),
                    String.format(Locale.ROOT, "%.3f", c.logit()),
                    String.format(Locale.ROOT, "%.4f", c.probability()),
                    String.format(Locale.ROOT, "%.4f", c.chance()));
        }
        table.print(console.out());
    }
}
