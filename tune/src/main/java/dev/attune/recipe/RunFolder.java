package dev.attune.recipe;

import dev.attune.classifier.ClassifierFolder;
import dev.attune.evaluation.Evaluation;
import dev.attune.files.AtomicFile;
import dev.attune.training.MetricsLog;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files of a run folder, beside the model's and the training loop's own. */
final class RunFolder {
    static final String RECIPE = "recipe.yaml";
    static final String EVALUATION = "evaluation.json";

    private RunFolder() {}

    static void writeResults(Path folder, Recipe recipe, @Nullable Evaluation evaluation, Provenance provenance) {
        var rows = MetricsLog.read(folder.resolve("metrics.jsonl"));
        Curves.write(folder, rows);
        if (evaluation != null) {
            ConfusionPicture.write(folder, evaluation);
            AtomicFile.writeString(folder.resolve(EVALUATION), evaluation.toJson() + "\n");
        }
        AtomicFile.writeString(
                folder.resolve("README.md"),
                ModelCard.of(recipe, evaluation, provenance, ClassifierFolder.readAlikeByTransformers(folder)));
        provenance.write(folder); // last: it says that the run is done
    }
}
