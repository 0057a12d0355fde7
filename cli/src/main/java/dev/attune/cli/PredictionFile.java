package dev.attune.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.data.CsvFile;
import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Predicted labels as a file: CSV with two columns, or JSON Lines, which have what the labels rest on too.
 *
 * @param idColumn what tells the rows apart is called so
 * @param labelColumn what the labels are called
 * @param ids of the rows, in their order
 */
record PredictionFile(String idColumn, String labelColumn, List<String> ids, List<Answer> predictions) {
    private static final ObjectMapper JSON = new ObjectMapper();

    PredictionFile {
        ids = List.copyOf(ids);
        predictions = List.copyOf(predictions);
        if (idColumn.equals(labelColumn)) {
            throw new InputException("Both columns would be called '" + idColumn + "'; give another --label-column.");
        }
        if (ids.size() != predictions.size()) {
            throw new InputException("The column '" + idColumn + "' has " + ids.size() + " rows, but there are "
                    + predictions.size() + " texts; give --id-column a column of the same rows.");
        }
    }

    /** Before any work: whether the file's ending is one that {@link #write} knows. */
    static void requireKnown(Path file) {
        if (!file.toString().toLowerCase(Locale.ROOT).matches("(?s).*\\.(csv|jsonl)")) {
            throw new InputException("Predictions are written as .csv or .jsonl; " + file + " ends otherwise.");
        }
        if (Files.isDirectory(file)) {
            throw new InputException(file + " is a folder; --out takes a file.");
        }
    }

    /** Writes the file, whole or not at all. */
    void write(Path file) {
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".csv")) {
            var rows = IntStream.range(0, ids.size())
                    .mapToObj(i -> List.of(
                            ids.get(i),
                            Objects.requireNonNullElse(predictions.get(i).label(), "")));
            CsvFile.write(file, Stream.concat(Stream.of(List.of(idColumn, labelColumn)), rows));
            return;
        }
        AtomicFile.write(file, temporary -> {
            try (var out = Files.newBufferedWriter(temporary, StandardCharsets.UTF_8)) {
                for (int i = 0; i < ids.size(); i++) {
                    var prediction = predictions.get(i);
                    var row = new LinkedHashMap<String, Object>();
                    row.put(idColumn, ids.get(i));
                    row.put(labelColumn, prediction.label());
                    row.putAll(prediction.details());
                    out.write(JSON.writeValueAsString(row));
                    out.write('\n');
                }
            }
        });
    }
}
