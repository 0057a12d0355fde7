package dev.attune.generation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.attune.files.InputException;
import dev.attune.model.ModelConfig;
import dev.attune.tokenizer.SpecialToken;
import dev.attune.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The tokens at which texts of a model begin and end.
 *
 * @param ends the ids that end a text
 * @param begin the id that stands for an empty prompt
 */
record GenerationConfig(Set<Integer> ends, OptionalInt begin) {
    private static final JsonMapper JSON = new JsonMapper();

    GenerationConfig {
        ends = Set.copyOf(ends);
    }

    /** From generation_config.json, else config.json, else the tokenizer. */
    static GenerationConfig read(Path folder, ModelConfig model, Tokenizer tokenizer) {
        Path file = folder.resolve("generation_config.json");
        JsonNode own = json(file);
        var ends = ids(file, own, "eos_token_id");
        if (ends.isEmpty()) {
            ends = ids(model.source(), model.raw(), "eos_token_id");
        }
        if (ends.isEmpty()) {
            tokenizer.eos().map(SpecialToken::id).ifPresent(ends::add);
        }
        var begins = ids(file, own, "bos_token_id");
        if (begins.isEmpty()) {
            begins = ids(model.source(), model.raw(), "bos_token_id");
        }
        if (begins.isEmpty()) {
            tokenizer.bos().map(SpecialToken::id).ifPresent(begins::add);
        }
        return new GenerationConfig(ends, begins.stream().mapToInt(id -> id).findFirst());
    }

    /** A field that holds one id or a list of them. */
    private static Set<Integer> ids(Path file, JsonNode json, String field) {
        var ids = new LinkedHashSet<Integer>();
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return ids;
        }
        for (JsonNode id : value.isArray() ? value : List.of(value)) {
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
                throw new InputException(
                        file + ": " + field + " must be a token id or a list of them, not " + value + ".");
            }
            ids.add(id.intValue());
        }
        return ids;
    }

    private static JsonNode json(Path file) {
        if (!Files.exists(file)) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new InputException(file + " is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
