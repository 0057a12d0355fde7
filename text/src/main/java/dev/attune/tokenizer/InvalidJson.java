package dev.attune.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.attune.files.InputException;
import java.nio.file.Path;

/** What is said of a file that is not the JSON it should be. */
final class InvalidJson {
    private InvalidJson() {}

    static InputException in(Path file, JsonProcessingException e) {
        var at = e.getLocation();
        String place = at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr();
        return new InputException(file + place + ": not valid JSON (" + e.getOriginalMessage() + ").", e);
    }
}
