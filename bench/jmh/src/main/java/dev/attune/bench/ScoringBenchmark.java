package dev.attune.bench;

import dev.attune.classifier.ClassifierFolder;
import dev.attune.classifier.ClassifierFolder.TrainingSetup;
import dev.attune.classifier.TextClassifier;
import dev.attune.classifier.Unfreeze;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Texts to the labels' probabilities, by MiniLM with a new head of six labels: tokens, batches, passes and softmax. */
@State(Scope.Benchmark)
public class ScoringBenchmark {
    @Param({"1", "64"})
    public int count = 1;

    private Path folder;
    private TextClassifier classifier;
    private List<String> texts;

    @Setup
    public void load() throws IOException {
        var messages = Inputs.messages();
        texts = messages.texts().subList(0, count);
        folder = Files.createTempDirectory("attune-bench");
        var setup = new TrainingSetup(messages.labels(), Unfreeze.HEAD, null, null, Dtype.F32, true, 42, Device.CPU);
        var opened = ClassifierFolder.open(Inputs.miniLm(), setup);
        try (var model = opened.classifier();
                var encoder = opened.encoder()) {
            ClassifierFolder.save(folder, model, encoder);
        }
        classifier = TextClassifier.load(folder);
    }

    @Benchmark
    public double[][] probabilities() {
        return classifier.probabilities(texts);
    }

    @TearDown
    public void close() throws IOException {
        classifier.close();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
