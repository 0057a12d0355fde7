package dev.attune.cli;

import dev.attune.chat.Chat;
import dev.attune.chat.ChatTemplate;
import dev.attune.chat.Message;
import dev.attune.files.InputException;
import dev.attune.generation.Generation;
import dev.attune.generation.GenerationOptions;
import dev.attune.generation.TextGenerator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune chat}: a conversation with a chat model, a line of standard input a turn. */
@Command(
        name = "chat",
        abbreviateSynopsis = true,
        sortOptions = false,
        description = {
            "Talk with a chat model: each line of standard input is a turn, and the answer is printed as it comes.",
            "",
            "The model's chat template makes the prompt of all turns so far. Lines that begin with / are commands:",
            "  /system TEXT  begin anew with this system text (none: without one)",
            "  /reset        begin anew",
            "  /exit         end (as the end of the input does)"
        },
        footer = {
            "",
            "Examples:",
            "  attune chat smollm2 --system \"Answer in one sentence.\" --temperature 0.7 --top-p 0.9",
            "  printf 'Hello!\\nWhat did I say?\\n' | attune chat smollm2",
            "  echo 'Hello!' | attune chat smollm2 --render"
        })
final class ChatCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final LoadedModel model = new LoadedModel();

    @Option(names = "--system", paramLabel = "TEXT", description = "What the conversation begins with.")
    private String system = "";

    @Option(names = "--render", description = "Print each line's prompt, as the first turn, and generate nothing.")
    private boolean render;

    @Mixin
    private final GenerationFlags flags = new GenerationFlags();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final List<Message> history = new ArrayList<>();

    ChatCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        var options = flags.options(spec);
        begin();
        try (var progress = new Progress(console)) {
            var template = ChatTemplate.load(model.folder(progress));
            if (render) {
                turns(text -> print(template, text));
                return 0;
            }
            try (var generator = model.generator(progress)) {
                turns(text -> answer(generator, template, options, text));
            }
        }
        return 0;
    }

    private void begin() {
        history.clear();
        if (!system.isEmpty()) {
            history.add(Message.system(system));
        }
    }

    /** @param turn takes a line that is no command, and tells whether to go on */
    private void turns(Predicate<String> turn) {
        var in = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
        try {
            boolean open = true;
            while (open) {
                if (console.terminal()) {
                    console.err().print("> ");
                    console.err().flush();
                }
                String line = in.readLine();
                if (line == null || line.strip().equals("/exit")) {
                    return;
                }
                if (line.startsWith("/")) {
                    command(line.strip());
                } else if (!line.isBlank()) {
                    open = turn.test(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read standard input: " + e.getMessage(), e);
        }
    }

    private void command(String line) {
        if (line.equals("/reset")) {
            begin();
        } else if (line.equals("/system") || line.startsWith("/system ")) {
            system = line.substring("/system".length()).strip();
            begin();
        } else {
            console.err().println(line + " is no command; there are /system TEXT, /reset and /exit.");
        }
    }

    private boolean print(ChatTemplate template, String text) {
        console.out().println(template.render(prompt(text)));
        return !console.out().checkError();
    }

    private Chat prompt(String text) {
        var messages = new ArrayList<>(history);
        messages.add(Message.user(text));
        return Chat.of(messages).withGenerationPrompt();
    }

    /** A turn that fails leaves the conversation as it was; on a terminal it goes on, else the command fails. */
    private boolean answer(TextGenerator generator, ChatTemplate template, GenerationOptions options, String text) {
        try {
            String prompt = template.render(prompt(text));
            var answer = generate(generator, prompt, options);
            history.add(Message.user(text));
            history.add(Message.assistant(answer.text()));
            if (answer.finish() == Generation.Finish.LENGTH) {
                console.err()
                        .println("(cut after " + answer.ids().size()
                                + " tokens; --max-new-tokens gives more room, /reset begins anew)");
            }
            return answer.finish() != Generation.Finish.CANCELLED;
        } catch (InputException e) {
            if (!console.terminal()) {
                throw e;
            }
            console.err().println("attune: " + e.getMessage() + " /reset begins anew.");
            return true;
        }
    }

    private Generation generate(TextGenerator generator, String prompt, GenerationOptions options) {
        var out = console.out();
        // The template writes the special tokens itself.
        int[] ids = generator.tokenizer().encodeWithoutSpecialTokens(prompt);
        var generation = generator
                .generateFrom(List.of(ids), options, (number, piece) -> {
                    out.print(piece);
                    return !out.checkError(); // which flushes
                })
                .get(0);
        out.println();
        out.flush();
        return generation;
    }
}
