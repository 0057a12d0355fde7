package dev.attune.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.files.InputException;
import dev.attune.model.Attention;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextEmbedderTest {
    private static final List<String> TEXTS = texts();

    @TempDir
    Path folder;

    private static List<String> texts() {
        var texts = new ArrayList<>(TinyTexts.of(12, 4).texts());
        texts.add("");
        texts.add("snow ".repeat(500));
        return List.copyOf(texts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "gpt2", "llama"})
    void aBatchOfUnequalTextsEqualsEachAlone(String family) {
        Path model = TinyModels.write(family, folder);
        try (var embedder = TextEmbedder.load(model)) {
            float[][] together = embedder.embed(TEXTS);
            for (int i = 0; i < together.length; i++) {
                assertThat(together[i]).hasSize(embedder.dimensions());
                assertThat(embedder.embed(TEXTS.get(i))).containsExactly(together[i], within(1e-5f));
                double squares = 0;
                for (float x : together[i]) {
                    squares += x * x;
                }
                assertThat(squares).isCloseTo(1, within(1e-5));
            }
            assertThat(embedder.embed(List.of())).isEmpty();
        }
    }

    /** A golden test holds the classifier's features to transformers' figures. */
    @ParameterizedTest
    @ValueSource(strings = {"MEAN", "CLS", "LAST"})
    @SuppressWarnings("try") // the scope is there for what it does
    void withoutNormalisingTheyAreWhatAHeadReads(Reading pooling) {
        Path model = TinyModels.write("bert", folder);
        var setup = new ClassifierFolder.TrainingSetup(
                TinyTexts.of(3, 1).labels(), Unfreeze.HEAD, pooling, 32, Dtype.F32, false, false, 1, Device.CPU);
        var opened = ClassifierFolder.open(model, setup);
        try (var embedder = TextEmbedder.load(model, pooling, false, Device.CPU);
                var classifier = opened.classifier();
                var encoder = opened.encoder();
                var scope = new PointerScope()) {
            var texts = TEXTS.subList(0, 12);
            var ids = encoder.encode(texts);
            var attention =
                    Attention.of(ids.stream().mapToInt(row -> row.length).toArray());
            var x = classifier.backbone().embed(Tensors.padded(ids), attention.positions());
            float[][] expected =
                    Tensors.toFloatRows(classifier.features(x, attention, 0).detach());
            float[][] vectors = embedder.embed(texts);
            for (int i = 0; i < expected.length; i++) {
                assertThat(vectors[i]).containsExactly(expected[i], within(1e-5f));
            }
        }
    }

    @Test
    void memoryStaysFlat() {
        try (var embedder = TextEmbedder.load(TinyModels.write("bert", folder))) {
            embedder.embed(TEXTS);
            long before = Pointer.totalCount();
            for (int i = 0; i < 20; i++) {
                embedder.embed(TEXTS);
            }
            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
        }
    }

    @Test
    void progressEndsWithAllTexts() {
        var told = new ArrayList<Integer>();
        try (var embedder = TextEmbedder.load(TinyModels.write("bert", folder))) {
            embedder.embed(TEXTS, told::add);
        }
        assertThat(told).isSorted().endsWith(TEXTS.size());
    }

    @Test
    void refusesWhatHasNoEmbeddings() throws Exception {
        Path model = TinyModels.write("bert", folder.resolve("bert"));
        assertThatThrownBy(() -> TextEmbedder.load(model, Reading.LAST_PADDED, true, Device.CPU))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("last-padded");
        String config = Files.readString(model.resolve("config.json"));
        Files.writeString(
                model.resolve("config.json"),
                config.replaceFirst("\"model_type\"\\s*:\\s*\"bert\"", "\"model_type\":\"t5\""));
        assertThatThrownBy(() -> TextEmbedder.load(model))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("encoder-decoder");
        assertThatThrownBy(() -> TextEmbedder.load(folder.resolve("none"))).isInstanceOf(InputException.class);
    }
}
