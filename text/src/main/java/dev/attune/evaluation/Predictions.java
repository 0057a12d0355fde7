package dev.attune.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.data.Dataset;
import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a classifier said of each row that it was tested on: predictions.jsonl of a run folder, one object a line.
 *
 * @param labels the names of the classes, in the order of each row's probabilities
 */
public record Predictions(List<String> labels, List<Row> rows) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final ObjectWriter WRITER = JSON.writerFor(Row.class);
    private static final ObjectReader READER = JSON.readerFor(Row.class);

    /**
     * A row.
     *
     * @param text what was classified
     * @param label its name in the truth
     * @param predicted the name of the most probable label
     * @param probabilities of the labels, with seven significant digits
     */
    public record Row(String text, String label, String predicted, List<Double> probabilities) {
        public Row {
            probabilities = List.copyOf(probabilities);
        }

        boolean isRight() {
            return label.equals(predicted);
        }
    }

    public Predictions {
        labels = List.copyOf(labels);
        rows = List.copyOf(rows);
    }

    /**
     * Of a data set whose rows are all labelled.
     *
     * @param probabilities rows x labels, in the order of the data set's
     */
    public static Predictions of(Dataset dataset, double[][] probabilities) {
        return of(dataset.labels().names(), dataset.texts(), dataset.labelIds(), probabilities);
    }

    /**
     * Of labelled texts.
     *
     * @param texts of the rows
     * @param truth ids of their labels
     * @param probabilities rows x labels
     */
    public static Predictions of(List<String> labels, List<String> texts, int[] truth, double[][] probabilities) {
        var rows = new ArrayList<Row>(truth.length);
        for (int i = 0; i < truth.length; i++) {
            rows.add(new Row(
                    texts.get(i),
                    labels.get(truth[i]),
                    labels.get(Prediction.of(probabilities[i])),
                    Arrays.stream(probabilities[i])
                            // As a float prints: more digits say nothing and double the file.
                            .mapToObj(p -> Double.valueOf(Float.toString((float) p)))
                            .toList()));
        }
        return new Predictions(labels, rows);
    }

    /** Writes one JSON object a line: text, label, predicted, probabilities. */
    public void write(Path file) {
        AtomicFile.write(file, temporary -> {
            try (var out = Files.newBufferedWriter(temporary, StandardCharsets.UTF_8)) {
                for (Row row : rows) {
                    out.write(WRITER.writeValueAsString(row));
                    out.write('\n');
                }
            }
        });
    }

    /**
     * What {@link #write} wrote.
     *
     * @param labels the names of the classes, as evaluation.json beside it has them
     * @throws InputException when a line is something else
     */
    public static Predictions read(Path file, List<String> labels) {
        var rows = new ArrayList<Row>();
        try (var lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Row row = READER.readValue(line);
                if (row.probabilities().size() != labels.size()) {
                    throw new InputException(file + ":" + (rows.size() + 1) + " has "
                            + row.probabilities().size() + " probabilities for " + labels.size() + " labels.");
                }
                rows.add(row);
            }
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file + ":" + (rows.size() + 1) + " is no prediction: " + e.getOriginalMessage() + ".", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
        return new Predictions(labels, rows);
    }
}
