package dev.attune.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.attune.files.InputException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What stands beside tokenizer.json, in tokenizer_config.json and special_tokens_map.json; the first wins, either may
 * be missing.
 *
 * @param specialTokens role ("pad_token", …) to the token as it is written
 * @param modelMaxLength the longest input the model takes, in tokens; empty where the file has none or the
 *     placeholder 1e30 that transformers writes for "unknown"
 * @param truncateLeft whether too long a text loses its beginning (transformers' truncation_side)
 * @param chatTemplates name ("default", "tool_use", …) to the Jinja text; empty for models that do not chat, and for
 *     those that have it in a file of its own
 */
public record TokenizerSettings(
        Map<String, String> specialTokens,
        OptionalInt modelMaxLength,
        boolean truncateLeft,
        Map<String, String> chatTemplates) {
    private static final List<String> ROLES =
            List.of("pad_token", "bos_token", "eos_token", "cls_token", "sep_token", "unk_token", "mask_token");
    private static final ObjectMapper JSON = new ObjectMapper();

    public TokenizerSettings {
        specialTokens = Map.copyOf(specialTokens);
        chatTemplates = Map.copyOf(chatTemplates);
    }

    /**
     * Reads both files of a folder.
     *
     * @throws InputException when one of them cannot be read or is not JSON
     */
    public static TokenizerSettings read(Path folder) {
        JsonNode config = readJson(folder.resolve("tokenizer_config.json"));
        JsonNode map = readJson(folder.resolve("special_tokens_map.json"));
        var specialTokens = new LinkedHashMap<String, String>();
        for (String role : ROLES) {
            for (JsonNode source : List.of(map, config)) {
                // Either "[PAD]" or {"content": "[PAD]", "lstrip": false, …}; null stands for none.
                JsonNode token = source.path(role);
                JsonNode content = token.isObject() ? token.path("content") : token;
                if (content.isTextual()) {
                    specialTokens.put(role, content.textValue());
                }
            }
        }
        return new TokenizerSettings(
                specialTokens,
                maxLength(config.path("model_max_length")),
                config.path("truncation_side").asText().equals("left"),
                chatTemplates(config.path("chat_template")));
    }

    /** Either one text, or a list of {"name": …, "template": …}. */
    private static Map<String, String> chatTemplates(JsonNode node) {
        if (node.isTextual()) {
            return Map.of("default", node.textValue());
        }
        var templates = new LinkedHashMap<String, String>();
        for (JsonNode entry : node) {
            templates.put(entry.path("name").asText(), entry.path("template").asText());
        }
        return templates;
    }

    private static OptionalInt maxLength(JsonNode node) {
        if (!node.isNumber()) {
            return OptionalInt.empty();
        }
        BigInteger length = node.decimalValue().toBigInteger();
        return length.signum() > 0 && length.bitLength() < 31 ? OptionalInt.of(length.intValue()) : OptionalInt.empty();
    }

    private static JsonNode readJson(Path file) {
        if (!Files.exists(file)) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw InvalidJson.in(file, e);
        } catch (IOException e) {
            throw new InputException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
