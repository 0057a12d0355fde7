package dev.attune.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation.
 *
 * @param fields {@code role}, mostly {@code content} (a string, or a list of parts), and whatever else the model's
 *     template reads ({@code tool_calls}, {@code name}, …): strings, numbers, booleans, lists and maps. A field that is
 *     null counts as missing, as in transformers.
 */
public record Message(Map<String, @Nullable Object> fields) {
    public Message {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public static Message of(String role, String content) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("role", role);
        fields.put("content", content);
        return new Message(fields);
    }

    public static Message system(String content) {
        return of("system", content);
    }

    public static Message user(String content) {
        return of("user", content);
    }

    public static Message assistant(String content) {
        return of("assistant", content);
    }

    /** The same message with one more field, or another value for one. */
    public Message with(String field, @Nullable Object value) {
        var all = new LinkedHashMap<>(fields);
        all.put(field, value);
        return new Message(all);
    }
}
