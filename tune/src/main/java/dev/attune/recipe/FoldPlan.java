package dev.attune.recipe;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.data.Dataset;
import dev.attune.data.Folds;
import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How rows are dealt into folds, and what has become of it: folds.json of a cross-validation's folder.
 *
 * @param rows that are dealt
 * @param sha256 of their texts and labels
 * @param foldAccuracies empty until all folds are done
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record FoldPlan(int folds, boolean keepModels, int rows, String sha256, List<Double> foldAccuracies) {
    private static final String FILE = "folds.json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    FoldPlan {
        foldAccuracies = List.copyOf(foldAccuracies);
    }

    static boolean existsIn(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    static FoldPlan read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new InputException(folder + " holds no cross-validation: it has no " + FILE + ".");
        }
        try {
            return JSON.readValue(file.toFile(), FoldPlan.class);
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The rows of each fold. */
    List<int[]> rows(Dataset data, Recipe recipe) {
        return Folds.stratified(data.labelIds(), folds, recipe.training().seed());
    }

    FoldPlan done(List<Double> accuracies) {
        return new FoldPlan(folds, keepModels, rows, sha256, accuracies);
    }

    void write(Path folder) {
        try {
            AtomicFile.writeString(
                    folder.resolve(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
