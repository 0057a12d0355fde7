package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.classifier.TextClassifier;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe of prompt tuning on real weights and the real tweets, with few steps. */
@Tag("real")
class TwitterComplaintsRealTest {
    @TempDir
    Path folder;

    @Test
    void learnsThe50TweetsAndPredictsTheOthers() {
        var recipe = ConfigsRealTest.onThisMachine("twitter-complaints-smollm2")
                .with(Map.of("max-steps", 3, "split", "0.4,0,0.6"));

        var run = Run.train(recipe, folder.resolve("run"), RunListener.NONE, () -> false);

        assertThat(Objects.requireNonNull(run.evaluation()).n()).isEqualTo(30);
        var options = recipe.data();
        var unlabelled = Objects.requireNonNull(
                Sources.toPredict(options, RunListener.NONE).get("unlabelled"));
        assertThat(unlabelled.size()).isEqualTo(3399);
        var ids = Sources.column(
                options,
                "unlabelled",
                Sources.idColumn(options, RunListener.NONE).orElseThrow(),
                RunListener.NONE);
        assertThat(ids).hasSize(3399).startsWith("50", "51").endsWith("3448").doesNotHaveDuplicates();
        try (var classifier = TextClassifier.load(run.folder())) {
            var predictions = classifier.classify(unlabelled.limit(32).texts());
            assertThat(predictions)
                    .hasSize(32)
                    .extracting(prediction -> prediction.label())
                    .isSubsetOf("complaint", "no complaint");
        }
    }
}
