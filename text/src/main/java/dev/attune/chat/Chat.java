package dev.attune.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a chat template is rendered with: the arguments of transformers' apply_chat_template.
 *
 * @param tools functions that the model may call, as JSON schemas; null for none
 * @param documents texts to answer from; null for none
 * @param addGenerationPrompt whether the text ends with what the assistant's turn begins with
 * @param variables what else a template may read ({@code enable_thinking}, …); they win over the special tokens
 */
public record Chat(
        List<Message> messages,
        @Nullable List<Map<String, Object>> tools,
        @Nullable List<Map<String, Object>> documents,
        boolean addGenerationPrompt,
        Map<String, Object> variables) {
    public Chat {
        messages = List.copyOf(messages);
        tools = tools == null ? null : List.copyOf(tools);
        documents = documents == null ? null : List.copyOf(documents);
        variables = Map.copyOf(variables);
    }

    public static Chat of(List<Message> messages) {
        return new Chat(messages, null, null, false, Map.of());
    }

    public Chat withTools(List<Map<String, Object>> tools) {
        return new Chat(messages, tools, documents, addGenerationPrompt, variables);
    }

    public Chat withDocuments(List<Map<String, Object>> documents) {
        return new Chat(messages, tools, documents, addGenerationPrompt, variables);
    }

    public Chat withGenerationPrompt() {
        return new Chat(messages, tools, documents, true, variables);
    }

    public Chat withVariable(String name, Object value) {
        var all = new LinkedHashMap<>(variables);
        all.put(name, value);
        return new Chat(messages, tools, documents, addGenerationPrompt, all);
    }
}
