package dev.attune.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.ProvidedFolders;
import dev.attune.PythonScript;
import dev.attune.data.Dataset;
import dev.attune.data.ReadOptions;
import dev.attune.torch.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real models' vectors are those of transformers' hidden states, pooled as sentence-transformers does. */
@Tag("interop")
class TransformersEmbedderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TEXTS = 16;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"minilm, MEAN", "minilm, CLS", "smollm2-135m-instruct, LAST"})
    void transformersGivesTheSameVectors(String name, Reading pooling) throws IOException, InterruptedException {
        Path model = ProvidedFolders.model(name);
        var texts = new ArrayList<>(Dataset.read(
                        ProvidedFolders.data("banking77/test.csv"),
                        ReadOptions.builder().build())
                .texts()
                .subList(0, TEXTS));
        texts.add("rain ".repeat(name.equals("minilm") ? 900 : 60));
        Path textsFile = folder.resolve("texts.json");
        JSON.writeValue(textsFile.toFile(), texts);
        Path out = folder.resolve("vectors.json");
        PythonScript.run(
                "embeddings.py",
                folder,
                List.of(
                        textsFile.toString(),
                        model.toString(),
                        out.toString(),
                        pooling.name().toLowerCase(Locale.ROOT),
                        "512"));

        float[][] theirs = JSON.readValue(out.toFile(), float[][].class);
        try (var embedder = TextEmbedder.load(model, pooling, true, Device.CPU)) {
            float[][] here = embedder.embed(texts);
            assertThat(here).hasNumberOfRows(texts.size());
            for (int i = 0; i < theirs.length; i++) {
                if (name.equals("minilm")) {
                    assertThat(here[i]).as(texts.get(i)).containsExactly(theirs[i], within(1e-5f));
                } else { // whose weights are bf16 here and fp32 there
                    assertThat(product(here[i], theirs[i])).as(texts.get(i)).isGreaterThan(0.999);
                }
            }
        }
    }

    /** The cosine, of vectors of length 1. */
    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
