package dev.attune.chat;

import dev.attune.files.InputException;
import dev.attune.jinja.Template;
import dev.attune.jinja.TemplateException;
import dev.attune.tokenizer.TokenizerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The chat template of a Hugging Face folder. What it renders is equal to transformers' apply_chat_template; where it
 * uses something of Jinja that is not supported, rendering is an error that names it. Templates may come from anywhere:
 * they reach nothing but the conversation. Safe for use by several threads.
 */
public final class ChatTemplate {
    private static final String DEFAULT = "default";
    private static final String TOOL_USE = "tool_use";
    // The names that a message's reasoning goes by; templates read the first.
    private static final List<String> REASONING = List.of("reasoning_content", "thinking", "reasoning");

    /** @param place how errors name it: its file */
    private record Source(String place, String text) {}

    private final String place;
    private final Map<String, Source> sources;
    private final Map<String, String> specialTokens;
    private final Map<String, Template> parsed = new ConcurrentHashMap<>();

    private ChatTemplate(String place, Map<String, Source> sources, Map<String, String> specialTokens) {
        this.place = place;
        this.sources = Map.copyOf(sources);
        this.specialTokens = Map.copyOf(specialTokens);
    }

    /**
     * Reads chat_template.jinja and additional_chat_templates/*.jinja, or else the chat_template of
     * tokenizer_config.json; from the latter also the special tokens.
     *
     * @throws InputException when the folder has no chat template
     */
    public static ChatTemplate load(Path folder) {
        TokenizerSettings settings = TokenizerSettings.read(folder);
        var sources = files(folder);
        if (sources.isEmpty()) {
            String config = folder.resolve("tokenizer_config.json").toString();
            settings.chatTemplates()
                    .forEach((name, text) ->
                            sources.put(name, new Source(config + ", chat_template" + named(name), text)));
        }
        if (sources.isEmpty()) {
            throw new InputException(folder + " has no chat template (no chat_template.jinja, and no chat_template in"
                    + " tokenizer_config.json): it is no chat model. 'attune generate' continues a text with it.");
        }
        return new ChatTemplate(folder.toString(), sources, settings.specialTokens());
    }

    /** A template that is in no folder. */
    public static ChatTemplate of(String template, Map<String, String> specialTokens) {
        return new ChatTemplate(
                "The chat template", Map.of(DEFAULT, new Source("The chat template", template)), specialTokens);
    }

    private static Map<String, Source> files(Path folder) {
        var sources = new LinkedHashMap<String, Source>();
        Path main = folder.resolve("chat_template.jinja");
        if (Files.isRegularFile(main)) {
            sources.put(DEFAULT, source(main));
        }
        Path more = folder.resolve("additional_chat_templates");
        if (Files.isDirectory(more)) {
            try (Stream<Path> files = Files.list(more)) {
                files.filter(file -> file.toString().endsWith(".jinja"))
                        .sorted()
                        .forEach(file ->
                                sources.put(file.getFileName().toString().replaceFirst("\\.jinja$", ""), source(file)));
            } catch (IOException e) {
                throw new InputException("Cannot list " + more + ": " + e.getMessage(), e);
            }
        }
        return sources;
    }

    private static Source source(Path file) {
        try {
            return new Source(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new InputException("Cannot read " + file + " as UTF-8 text: " + e.getMessage(), e);
        }
    }

    private static String named(String name) {
        return name.equals(DEFAULT) ? "" : " '" + name + "'";
    }

    /**
     * The text for a conversation: its ids are those of {@code Tokenizer.encodeWithoutSpecialTokens}, as the template
     * writes the special tokens itself.
     *
     * @throws InputException when there is no message, when the template refuses the conversation, or when it uses
     *     something that is not supported
     * @throws IllegalArgumentException when the conversation holds something else than strings, numbers, booleans,
     *     lists and maps
     */
    public String render(Chat chat) {
        return render(chat, LocalDateTime.now(ZoneId.systemDefault()));
    }

    String render(Chat chat, LocalDateTime now) {
        if (chat.messages().isEmpty()) {
            throw new InputException("A chat template needs at least one message.");
        }
        var variables = new LinkedHashMap<String, @Nullable Object>(specialTokens);
        variables.putAll(chat.variables());
        variables.put(
                "messages", chat.messages().stream().map(ChatTemplate::fields).toList());
        variables.put("tools", chat.tools());
        variables.put("documents", chat.documents());
        variables.put("add_generation_prompt", chat.addGenerationPrompt());
        String name = name(chat);
        Source source = Objects.requireNonNull(sources.get(name));
        try {
            return parsed.computeIfAbsent(name, n -> Template.parse(source.text()))
                    .render(variables, now);
        } catch (TemplateException e) {
            throw new InputException(source.place() + ", line " + e.line() + ": " + e.getMessage() + ".", e);
        }
    }

    private String name(Chat chat) {
        if (chat.tools() != null && sources.containsKey(TOOL_USE)) {
            return TOOL_USE;
        } else if (sources.containsKey(DEFAULT)) {
            return DEFAULT;
        }
        throw new InputException(place + " has several chat templates ("
                + String.join(", ", new TreeSet<>(sources.keySet())) + ") and none named 'default'.");
    }

    private static Map<String, Object> fields(Message message) {
        var fields = new LinkedHashMap<String, Object>();
        Object reasoning = REASONING.stream()
                .map(name -> message.fields().get(name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (reasoning != null) {
            fields.put("thinking", reasoning);
        }
        message.fields().forEach((name, value) -> {
            if (value != null) {
                fields.put(name, value);
            }
        });
        if (reasoning != null) {
            fields.put("reasoning_content", reasoning);
        }
        return fields;
    }
}
