package dev.attune.data;

import dev.attune.files.InputException;
import dev.attune.files.Suggestions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Checks that a path is a file that can be read, and says what could have been meant when it is not. */
final class InputFile {
    private InputFile() {}

    static void require(Path file) {
        if (Files.isDirectory(file)) {
            throw new InputException(file + " is a folder; give a file in it.");
        }
        if (!Files.exists(file)) {
            throw new InputException("There is no file " + file + "."
                    + nearest(file).map(name -> " Did you mean " + name + "?").orElse(""));
        }
        if (!Files.isReadable(file)) {
            throw new InputException(file + " may not be read; check its permissions.");
        }
    }

    /** The name in the same folder that differs in the fewest letters, if those are few. */
    private static Optional<String> nearest(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        Path name = file.getFileName();
        if (folder == null || name == null || !Files.isDirectory(folder)) {
            return Optional.empty();
        }
        String wanted = name.toString().toLowerCase(Locale.ROOT);
        try (var siblings = Files.list(folder)) {
            return siblings.map(sibling -> String.valueOf(sibling.getFileName()))
                    .sorted()
                    .filter(sibling -> distance(wanted, sibling) <= Math.max(1, wanted.length() / 3))
                    .min(Comparator.comparingInt(sibling -> distance(wanted, sibling)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Levenshtein's edit distance, without regard to case. */
    private static int distance(String wanted, String name) {
        return Suggestions.distance(wanted, name.toLowerCase(Locale.ROOT));
    }
}
