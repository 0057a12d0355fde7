package dev.attune.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.files.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole templates against chat/golden.json, which scripts/make_chat_golden.py writes with transformers. */
class ChatTemplateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode GOLDEN = golden();
    private static final LocalDateTime NOW =
            LocalDateTime.parse(GOLDEN.path("now").textValue());
    private static final Chat HELLO = Chat.of(List.of(Message.user("Hello")));

    @TempDir
    Path folder;

    /** A template's file, a conversation's name, and what transformers makes of them: null where it has an error. */
    record Rendering(String template, String conversation, String expected) {
        @Override
        public String toString() {
            return template + ": " + conversation;
        }
    }

    static Stream<Rendering> renderings() {
        return StreamSupport.stream(GOLDEN.path("renderings").spliterator(), false)
                .map(node -> new Rendering(
                        node.path("template").textValue(),
                        node.path("conversation").textValue(),
                        node.path("expected").textValue()));
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void rendersWhatApplyChatTemplateRenders(Rendering golden) {
        var template = ChatTemplate.of(
                new String(resource("templates/" + golden.template), UTF_8),
                Map.of("bos_token", "<s>", "eos_token", "</s>"));
        Chat chat = chat(GOLDEN.path("conversations").path(golden.conversation));
        if (golden.expected == null) {
            assertThatExceptionOfType(InputException.class).isThrownBy(() -> template.render(chat, NOW));
        } else {
            assertThat(template.render(chat, NOW)).isEqualTo(golden.expected);
        }
    }

    @Test
    void readsTheTextInTokenizerConfig() throws IOException {
        write("tokenizer_config.json", """
                {"chat_template": "{{ bos_token }}{{ messages[0].content }}", "bos_token": {"content": "<s>"}}""");
        assertThat(ChatTemplate.load(folder).render(HELLO)).isEqualTo("<s>Hello");
    }

    @Test
    void readsTheListInTokenizerConfigAndTakesTheOneForTools() throws IOException {
        write("tokenizer_config.json", """
                {"chat_template": [{"name": "default", "template": "plain"}, {"name": "tool_use", "template": "tools"}]}""");
        var template = ChatTemplate.load(folder);
        assertThat(template.render(HELLO)).isEqualTo("plain");
        assertThat(template.render(HELLO.withTools(List.of(Map.of("name", "f")))))
                .isEqualTo("tools");
    }

    @Test
    void theFilesWinOverTokenizerConfig() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": \"config\"}");
        write("chat_template.jinja", "file\n");
        write("additional_chat_templates/tool_use.jinja", "tools");
        var template = ChatTemplate.load(folder);
        assertThat(template.render(HELLO)).isEqualTo("file");
        assertThat(template.render(HELLO.withTools(List.of()))).isEqualTo("tools");
    }

    @Test
    void variablesWinOverSpecialTokens() {
        var template = ChatTemplate.of("{{ bos_token }}{{ n + 1 }}", Map.of("bos_token", "<s>"));
        assertThat(template.render(HELLO.withVariable("bos_token", "<x>").withVariable("n", 1)))
                .isEqualTo("<x>2");
    }

    @Test
    void aFolderWithoutTemplateSaysWhatToDo() {
        assertThatThrownBy(() -> ChatTemplate.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("chat_template.jinja")
                .hasMessageContaining("attune generate");
    }

    @Test
    void severalTemplatesWithoutDefaultAreNamed() throws IOException {
        write("tokenizer_config.json", """
                {"chat_template": [{"name": "rag", "template": "r"}, {"name": "code", "template": "c"}]}""");
        assertThatThrownBy(() -> ChatTemplate.load(folder).render(HELLO)).hasMessageContaining("(code, rag)");
    }

    @Test
    void errorsNameFileLineAndConstruct() throws IOException {
        write("chat_template.jinja", "a\n{% for m in messages %}\n{{ m.content | urlize }}\n{% endfor %}");
        assertThatThrownBy(() -> ChatTemplate.load(folder).render(HELLO))
                .isInstanceOf(InputException.class)
                .hasMessage(folder.resolve("chat_template.jinja")
                        + ", line 3: the filter 'urlize' is not supported here, though Jinja has it.");
    }

    @Test
    void aRefusalIsShownAsTheTemplateSaysIt() {
        var template = ChatTemplate.of("{{ raise_exception('Roles must alternate') }}", Map.of());
        assertThatThrownBy(() -> template.render(HELLO))
                .hasMessage("The chat template, line 1: the template refuses this conversation: Roles must alternate.");
    }

    @Test
    void anEmptyConversationIsAnError() {
        assertThatThrownBy(() -> ChatTemplate.of("x", Map.of()).render(Chat.of(List.of())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at least one message");
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private static Chat chat(JsonNode node) {
        List<Map<String, Object>> messages = JSON.convertValue(node.path("messages"), new TypeReference<>() {});
        Chat chat = Chat.of(messages.stream().map(Message::new).toList());
        if (node.path("add_generation_prompt").asBoolean()) {
            chat = chat.withGenerationPrompt();
        }
        if (node.has("tools")) {
            chat = chat.withTools(JSON.convertValue(node.path("tools"), new TypeReference<>() {}));
        }
        if (node.has("documents")) {
            chat = chat.withDocuments(JSON.convertValue(node.path("documents"), new TypeReference<>() {}));
        }
        for (var entry : node.path("variables").properties()) {
            chat = chat.withVariable(entry.getKey(), JSON.convertValue(entry.getValue(), Object.class));
        }
        return chat;
    }

    private static JsonNode golden() {
        try {
            return JSON.readTree(resource("golden.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = ChatTemplateTest.class.getResourceAsStream("/chat/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
