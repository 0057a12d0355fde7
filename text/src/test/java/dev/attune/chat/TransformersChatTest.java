package dev.attune.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.ProvidedFolders;
import dev.attune.jinja.Template;
import dev.attune.jinja.TemplateException;
import dev.attune.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside transformers: a real model's chat template, and random templates. */
@Tag("interop")
class TransformersChatTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TEMPLATES = 4000;
    private static final String SEED = "20250706";

    @TempDir
    Path folder;

    @Test
    void smolLm2sTextAndIdsEqualTransformers() throws IOException, InterruptedException {
        Path model = ProvidedFolders.model("smollm2-135m-instruct");
        List<Chat> chats = chats();
        Path input = folder.resolve("conversations.json");
        JSON.writeValue(
                input.toFile(),
                chats.stream()
                        .map(chat -> Map.of(
                                "messages",
                                        chat.messages().stream()
                                                .map(Message::fields)
                                                .toList(),
                                "add_generation_prompt", chat.addGenerationPrompt()))
                        .toList());
        JsonNode expected = python("chat_templates.py", model.toString(), input.toString());
        var template = ChatTemplate.load(model);
        try (var tokenizer = Tokenizer.load(model)) {
            for (int i = 0; i < chats.size(); i++) {
                String text = template.render(chats.get(i));
                assertThat(text).isEqualTo(expected.path(i).path("text").textValue());
                assertThat(tokenizer.encodeWithoutSpecialTokens(text))
                        .as(text)
                        .containsExactly(JSON.convertValue(expected.path(i).path("ids"), int[].class));
            }
        }
    }

    /** Each of 60 tweets and of 60 questions: alone, behind a system text, and in a conversation that grows. */
    private static List<Chat> chats() throws IOException {
        var chats = new ArrayList<Chat>();
        var history = new ArrayList<Message>();
        for (String line : lines()) {
            Message user = Message.user(line);
            chats.add(Chat.of(List.of(user)).withGenerationPrompt());
            chats.add(Chat.of(List.of(Message.system(line), user)));
            history.add(history.size() % 2 == 0 ? user : Message.assistant(line));
            chats.add(Chat.of(history.subList(Math.max(0, history.size() - 7), history.size()))
                    .withGenerationPrompt());
        }
        return chats;
    }

    private static List<String> lines() throws IOException {
        var lines = new ArrayList<String>();
        for (String file : List.of("tweeteval/emotion/train_text.txt", "banking77/test.csv")) {
            try (var all = Files.lines(ProvidedFolders.data(file), StandardCharsets.UTF_8)) {
                all.limit(60).forEach(lines::add);
            }
        }
        assertThat(lines).hasSize(120);
        return lines;
    }

    @Test
    void randomTemplatesRenderAsInTransformersOrAreRefused() throws IOException, InterruptedException {
        JsonNode golden = python("random_templates.py", Integer.toString(TEMPLATES), SEED);
        var variables = new LinkedHashMap<String, Object>();
        for (var entry : golden.path("variables").properties()) {
            variables.put(entry.getKey(), JSON.convertValue(entry.getValue(), Object.class));
        }
        variables.put("messages", JSON.convertValue(golden.path("messages"), List.class));
        var refused = new ArrayList<String>();
        int rendered = 0;
        for (JsonNode node : golden.path("cases")) {
            String template = node.path("template").textValue();
            JsonNode expected = node.path("expected");
            rendered += expected.isMissingNode() ? 0 : 1;
            try {
                assertThat(Template.parse(template).render(variables, LocalDateTime.MIN))
                        .as(template)
                        .isEqualTo(expected.textValue());
            } catch (TemplateException e) {
                if (!expected.isMissingNode()) {
                    refused.add(e.getMessage() + " in " + template);
                }
            }
        }
        assertThat(rendered).as("templates that transformers renders").isGreaterThan(1000);
        assertThat(refused).as("of %d that transformers renders", rendered).hasSizeLessThan(rendered / 100);
    }

    /** What a script of src/test/python writes to the file that is its last argument. */
    private JsonNode python(String script, String... arguments) throws IOException, InterruptedException {
        Path output = folder.resolve("out.json");
        Path log = folder.resolve("python.log");
        var command = new ArrayList<>(List.of(ProvidedFolders.python().toString(), "src/test/python/" + script));
        command.addAll(Arrays.asList(arguments));
        command.add(output.toString());
        Process python = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(python.waitFor()).as(Files.readString(log)).isZero();
        return JSON.readTree(output.toFile());
    }
}
