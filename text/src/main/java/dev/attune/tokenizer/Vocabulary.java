package dev.attune.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.attune.files.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The tokens of a tokenizer.json by id: the model's vocabulary and the added tokens. */
final class Vocabulary {
    /** The largest vocabularies in use have about 260,000 tokens. */
    private static final int MAX_ID = 10_000_000;

    // Field names are tokens here: each occurs once, so a table of the names seen would only cost.
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final Path file;
    private @Nullable String[] tokens = new String[1024];
    private int end;
    private int size;

    private Vocabulary(Path file) {
        this.file = file;
    }

    static Vocabulary parse(String json, Path file) {
        var vocabulary = new Vocabulary(file);
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InputException(file + " is not a tokenizer: it holds no JSON object.");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "added_tokens" -> vocabulary.readAddedTokens(parser);
                    case "model" -> vocabulary.readModel(parser);
                    default -> parser.skipChildren();
                }
            }
        } catch (JsonProcessingException e) {
            throw InvalidJson.in(file, e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
        return vocabulary;
    }

    /** How many tokens there are, added ones included: {@code len(tokenizer)} in transformers. */
    int size() {
        return size;
    }

    /** The token as the file writes it, or {@code null} for an id without one. */
    @Nullable String token(int id) {
        return id < 0 || id >= end ? null : tokens[id];
    }

    OptionalInt id(String token) {
        for (int id = 0; id < end; id++) {
            if (token.equals(tokens[id])) {
                return OptionalInt.of(id);
            }
        }
        return OptionalInt.empty();
    }

    private void readAddedTokens(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            int id = -1;
            String content = "";
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "id" -> id = parser.getIntValue();
                    case "content" -> content = parser.getText();
                    default -> parser.skipChildren();
                }
            }
            put(id, content);
        }
    }

    private void readModel(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean vocab = parser.currentName().equals("vocab");
            JsonToken value = parser.nextToken();
            if (vocab && value == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String token = parser.currentName();
                    parser.nextToken();
                    put(parser.getIntValue(), token);
                }
            } else if (vocab && value == JsonToken.START_ARRAY) {
                // A Unigram model: [token, score] in the order of the ids.
                for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
                    parser.nextToken();
                    put(id, parser.getText());
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        parser.skipChildren();
                    }
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    private void put(int id, String token) {
        if (id < 0 || id > MAX_ID) {
            throw new InputException(file + ": the token \"" + token + "\" has the id " + id
                    + ", which is not between 0 and " + MAX_ID + ".");
        }
        if (id >= tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(id + 1, 2 * tokens.length));
        }
        size += tokens[id] == null ? 1 : 0;
        tokens[id] = token;
        end = Math.max(end, id + 1);
    }
}
