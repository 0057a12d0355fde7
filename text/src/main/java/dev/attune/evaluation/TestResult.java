package dev.attune.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a run or a baseline did in its test, and what that took: evaluation.json, predictions.jsonl and cost.json of a folder.
 *
 * @param name the run's folder, or what the baseline is called
 */
public record TestResult(String name, Evaluation evaluation, Predictions predictions, Cost cost) {
    private static final String EVALUATION = "evaluation.json";
    private static final String PREDICTIONS = "predictions.jsonl";
    private static final String COST = "cost.json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * What it took.
     *
     * @param trainSeconds to train or fit
     * @param rowsPerSecond classified in the test
     * @param bytes of the model's numbers; null where they were not counted
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Cost(
            double trainSeconds,
            double rowsPerSecond,
            @Nullable Long bytes) {}

    /** Writes the three files. */
    public void write(Path folder) {
        AtomicFile.writeString(folder.resolve(EVALUATION), evaluation.toJson() + "\n");
        predictions.write(folder.resolve(PREDICTIONS));
        try {
            AtomicFile.writeString(folder.resolve(COST), JSON.writeValueAsString(cost) + "\n");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads the three files; the name is the folder as it is given.
     *
     * @throws InputException where one is missing or is something else
     */
    public static TestResult read(Path folder) {
        for (String file : new String[] {EVALUATION, PREDICTIONS, COST}) {
            if (!Files.exists(folder.resolve(file))) {
                throw new InputException(
                        folder + " has no " + file
                                + "; it takes the folder of a finished run with a test part, or one that attune baseline --out wrote.");
            }
        }
        try {
            var evaluation = evaluation(folder.resolve(EVALUATION));
            var predictions = Predictions.read(folder.resolve(PREDICTIONS), evaluation.labels());
            var cost = JSON.readValue(folder.resolve(COST).toFile(), Cost.class);
            return new TestResult(folder.toString(), evaluation, predictions, cost);
        } catch (JsonProcessingException e) {
            throw new InputException(folder.resolve(COST) + " cannot be read: " + e.getOriginalMessage() + ".", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
        }
    }

    private static Evaluation evaluation(Path file) throws IOException {
        try {
            return Evaluation.fromJson(Files.readString(file));
        } catch (InputException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }
}
