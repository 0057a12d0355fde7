package dev.attune.cli;

import dev.attune.checkpoint.ModelFolders;
import dev.attune.classifier.TextEmbedder;
import dev.attune.explore.baseline.Baseline;
import dev.attune.explore.baseline.Baselines;
import dev.attune.explore.matrix.Rows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A baseline on texts that sees their embeddings, which are computed beforehand.
 *
 * @param vectors by text
 */
record EmbeddingBaseline(Baseline<double[]> baseline, Map<String, double[]> vectors) implements Baseline<String> {
    /** All baselines on embeddings, of these texts and no others. */
    static List<Baseline<String>> all(List<String> texts, String model, Progress progress) {
        var different = new ArrayList<>(new LinkedHashSet<>(texts));
        var folder = ModelFolders.fromEnvironment(progress::fetching).resolve(model);
        Map<String, double[]> vectors = new HashMap<>();
        try (var embedder = TextEmbedder.load(folder)) {
            double[][] rows = Rows.of(embedder.embed(
                    different, done -> progress.preparing("embedding texts with " + model, done, different.size())));
            for (int i = 0; i < rows.length; i++) {
                vectors.put(different.get(i), rows[i]);
            }
        }
        return Baselines.embeddings().stream()
                .<Baseline<String>>map(baseline -> new EmbeddingBaseline(baseline, vectors))
                .toList();
    }

    @Override
    public String name() {
        return baseline.name();
    }

    @Override
    public Fitted<String> fit(List<String> texts, int[] labels, int classes) {
        var fitted = baseline.fit(rows(texts), labels, classes);
        return new Fitted<>() {
            @Override
            public double[][] probabilities(List<String> others) {
                return fitted.probabilities(rows(others));
            }

            @Override
            public long numbers() {
                return fitted.numbers();
            }
        };
    }

    private List<double[]> rows(List<String> texts) {
        return texts.stream()
                .map(text -> Objects.requireNonNull(vectors.get(text)))
                .toList();
    }
}
