package dev.attune.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.checkpoint.CheckpointWriter;
import dev.attune.data.LabelSet;
import dev.attune.files.InputException;
import dev.attune.model.Quantization;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextClassifierTest {
    private static final LabelSet LABELS = TinyTexts.of(3, 1).labels();
    private static final List<String> TEXTS = texts();

    @TempDir
    Path folder;

    private static List<String> texts() {
        var texts = new ArrayList<>(TinyTexts.of(20, 4).texts());
        texts.add("");
        texts.add(" ");
        texts.add("snow ".repeat(2000));
        texts.add("\uD83C\uDF27 r\u00e9gen\n\t\u0000");
        return List.copyOf(texts);
    }

    @ParameterizedTest
    @CsvSource({
        "bert, last", "bert, cls", "bert, mean", "bert, last-padded",
        "gpt2, last", "gpt2, cls", "gpt2, mean", "gpt2, last-padded",
        "llama, last", "llama, cls", "llama, mean", "llama, last-padded"
    })
    @SuppressWarnings("try") // the scope is there for what it does
    void aSavedFolderPredictsAsTheModelInMemory(String family, String name) {
        var reading = Reading.valueOf(name.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        var opened = open(TinyModels.write(family, folder.resolve(family)), reading, 17);
        double[][] expected;
        try (var classifier = opened.classifier();
                var encoder = opened.encoder();
                var scope = new PointerScope()) {
            assertThat(encoder.encode(TEXTS)).allMatch(ids -> ids.length >= 1 && ids.length <= 17);
            expected = SequenceClassifier.probabilities(classifier.logits(encoder.encode(TEXTS)));
            ClassifierFolder.save(folder.resolve("saved"), classifier, encoder);
        }
        try (var loaded = TextClassifier.load(folder.resolve("saved"))) {
            assertThat(loaded.labels()).isEqualTo(LABELS);
            assertClose(loaded.probabilities(TEXTS), expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "gpt2", "llama"})
    void aBatchOfUnequalTextsEqualsEachAlone(String family) {
        try (var classifier = TextClassifier.load(TinyModels.write(family, folder))) {
            double[][] alone = TEXTS.stream()
                    .map(text -> classifier.probabilities(List.of(text))[0])
                    .toArray(double[][]::new);
            assertClose(classifier.probabilities(TEXTS), alone);
        }
    }

    @Test
    void predictionsComeInTheOrderOfTheTextsAndSumToOne() {
        try (var classifier = TextClassifier.load(TinyModels.write("gpt2", folder))) {
            var predictions = classifier.classify(TEXTS);
            assertThat(predictions).extracting(Prediction::text).isEqualTo(TEXTS);
            assertThat(predictions).allSatisfy(p -> {
                assertThat(p.probabilities().stream().mapToDouble(d -> d).sum()).isCloseTo(1, within(1e-9));
                assertThat(p.probability())
                        .isEqualTo(p.probabilities().stream()
                                .mapToDouble(d -> d)
                                .max()
                                .orElseThrow());
                assertThat(p.probabilities().get(p.labels().indexOf(p.label()))).isEqualTo(p.probability());
            });
            assertThat(classifier.classify(List.of())).isEmpty();
            assertThat(classifier.classify(TEXTS.get(0)).label())
                    .isEqualTo(predictions.get(0).label());
        }
    }

    @Test
    void severalThreadsAtOnceGetWhatOneGets() throws Exception {
        try (var classifier = TextClassifier.load(TinyModels.write("bert", folder))) {
            double[][] expected = classifier.probabilities(TEXTS);
            var threads = Executors.newFixedThreadPool(4);
            try {
                Callable<double[][]> task = () -> classifier.probabilities(TEXTS);
                for (var result : threads.invokeAll(java.util.Collections.nCopies(24, task))) {
                    assertClose(result.get(), expected);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void halfPrecisionIsClose() {
        Path model = TinyModels.write("gpt2", folder);
        try (var full = TextClassifier.load(model);
                var half = TextClassifier.load(model, Dtype.BF16, Device.CPU)) {
            double[][] expected = full.probabilities(TEXTS);
            double[][] actual = half.probabilities(TEXTS);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).containsExactly(expected[i], within(0.05));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"bert, F32", "bloom, F32", "gpt2, F32", "llama, F32", "bert, BF16", "gpt2, BF16"})
    void eightBitsAreCloseInLessMemory(String family, Dtype dtype) {
        Path model = TinyModels.write(family, folder);
        try (var full = TextClassifier.load(model, dtype, Device.CPU);
                var int8 = TextClassifier.load(model, dtype, Quantization.INT8, Device.CPU)) {
            assertThat(int8.dtype()).isEqualTo(full.dtype());
            assertThat(int8.weightBytes()).isLessThan(full.weightBytes());
            double[][] expected = full.probabilities(TEXTS);
            double[][] actual = int8.probabilities(TEXTS);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).containsExactly(expected[i], within(0.05));
            }
            assertThat(Arrays.deepEquals(actual, expected)).isFalse();
        }
    }

    /** The weights of a model in 8 bits are memory of its own: the file may go. */
    @Test
    void eightBitsOutliveTheFile() throws IOException {
        Path model = TinyModels.write("bert", folder);
        try (var int8 = TextClassifier.load(model, null, Quantization.INT8, Device.CPU)) {
            double[][] before = int8.probabilities(TEXTS);
            try (var file =
                    new RandomAccessFile(model.resolve(Checkpoint.WEIGHTS).toFile(), "rw")) {
                file.write(new byte[(int) file.length()]); // in place: a mapping would show it
            }
            assertClose(int8.probabilities(TEXTS), before);
        }
    }

    @Test
    void aFolderSaysWhatTransformersNeeds() throws IOException {
        Path model = TinyModels.write("gpt2", folder.resolve("gpt2"));
        save(model, null);
        JsonNode config =
                new JsonMapper().readTree(folder.resolve("saved/config.json").toFile());
        assertThat(config.path("architectures").get(0).asText()).isEqualTo("GPT2ForSequenceClassification");
        assertThat(config.path("problem_type").asText()).isEqualTo("single_label_classification");
        assertThat(config.path("pad_token_id").asInt(-1)).isZero(); // GPT-2 has none: its end of text
        assertThat(config.path("id2label").toString()).isEqualTo("{\"0\":\"food\",\"1\":\"music\",\"2\":\"weather\"}");
        assertThat(config.path("label2id").toString()).isEqualTo("{\"food\":0,\"music\":1,\"weather\":2}");
        assertThat(folder.resolve("saved/tokenizer.json")).hasSameBinaryContentAs(model.resolve("tokenizer.json"));
        assertThat(new JsonMapper().readTree(folder.resolve("saved/attune.json").toFile()))
                .isEqualTo(new JsonMapper().readTree("{\"reading\": \"last\", \"max_length\": 32}"));
        assertThat(ClassifierFolder.readAlikeByTransformers(folder.resolve("saved")))
                .isTrue();
    }

    @Test
    void aReadingThatTransformersLacksIsKnown() {
        save(TinyModels.write("bert", folder.resolve("bert")), Reading.LAST);
        assertThat(ClassifierFolder.readAlikeByTransformers(folder.resolve("saved")))
                .isFalse();
    }

    @Test
    void keepsAHeadWithTheSameLabelsAndReplacesAnother() {
        save(TinyModels.write("bert", folder.resolve("bert")), null);
        Path saved = folder.resolve("saved");
        assertThat(initialised(saved, LABELS)).isEmpty();
        assertThat(initialised(saved, new LabelSet(List.of("no", "yes"))))
                .containsExactlyInAnyOrder("classifier.weight", "classifier.bias");
    }

    @Test
    void aModelWithoutAHeadIsNoClassifier() {
        Path model = TinyModels.write("gpt2", folder);
        drop(model, "score.weight");
        assertThatThrownBy(() -> TextClassifier.load(model))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds no tuned classifier: its weights lack score.weight")
                .hasMessageContaining("attune train --model " + model);
    }

    @Test
    void foldersThatHoldNoModelAreRefused() throws IOException {
        assertThatThrownBy(() -> TextClassifier.load(folder.resolve("none")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none");
        Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> TextClassifier.load(folder.resolve("empty")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("empty");
        Path weightless = TinyModels.write("bert", folder.resolve("bert"));
        Files.delete(weightless.resolve(Checkpoint.WEIGHTS));
        assertThatThrownBy(() -> TextClassifier.load(weightless)).isInstanceOf(InputException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"reading\": \"first\", \"max_length\": 9}",
                "{\"max_length\": 9}",
                "{\"reading\": \"cls\"}",
                "[",
                ""
            })
    void aSpoiltOwnFileIsNamed(String content) throws IOException {
        Path model = TinyModels.write("bert", folder);
        Files.writeString(model.resolve("attune.json"), content);
        assertThatThrownBy(() -> TextClassifier.load(model))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("attune.json")
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }

    @Test
    void aLengthThatTheModelDoesNotTakeIsRefused() {
        Path model = TinyModels.write("bert", folder);
        assertThatThrownBy(() -> open(model, null, 33))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("max-length is 33")
                .hasMessageContaining("at most 32");
    }

    private void save(Path model, @Nullable Reading reading) {
        var opened = open(model, reading, null);
        try (var classifier = opened.classifier();
                var encoder = opened.encoder()) {
            ClassifierFolder.save(folder.resolve("saved"), classifier, encoder);
        }
    }

    private static List<String> initialised(Path model, LabelSet labels) {
        var opened = ClassifierFolder.open(
                model,
                new ClassifierFolder.TrainingSetup(
                        labels, Unfreeze.HEAD, null, null, Dtype.F32, false, true, 1, Device.CPU));
        opened.encoder().close();
        opened.classifier().close();
        return opened.report().initialised();
    }

    private static ClassifierFolder.Opened open(Path model, @Nullable Reading reading, @Nullable Integer maxLength) {
        return ClassifierFolder.open(
                model,
                new ClassifierFolder.TrainingSetup(
                        LABELS, Unfreeze.HEAD, reading, maxLength, Dtype.F32, false, true, 1, Device.CPU));
    }

    @SuppressWarnings("try") // the scope is there for what it does
    private static void drop(Path model, String name) {
        try (var scope = new PointerScope()) {
            var tensors = new LinkedHashMap<String, Tensor>();
            var checkpoint = Checkpoint.open(model);
            checkpoint.names().forEach(each -> tensors.put(each, checkpoint.tensor(each)));
            tensors.remove(name);
            CheckpointWriter.write(model, tensors);
        }
    }

    private static void assertClose(double[][] actual, double[][] expected) {
        assertThat(actual).hasDimensions(expected.length, LABELS.size());
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("text %d", i).containsExactly(expected[i], within(1e-5));
        }
    }
}
