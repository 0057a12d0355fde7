package dev.attune.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.ProvidedFolders;
import dev.attune.PythonScript;
import dev.attune.TinyModels;
import dev.attune.TinyTexts;
import dev.attune.classifier.TextClassifier;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Run;
import dev.attune.recipe.RunListener;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Adapters of language models, by every method and on every family: one that is trained here gives its logits, text and labels'
 * likelihoods in peft, and one that peft saved gives peft's here.
 */
@Tag("interop")
class PeftGenerationTest {
    private static final int NEW_TOKENS = 8;
    private static final String SMOLLM2 = "smollm2-135m-instruct";
    private static final List<String> FAMILIES = List.of("bloom", "gpt2", "llama", "mistral", "qwen2", "t5");
    private static final List<String> METHODS = List.of("prompt", "p-tuning-mlp", "p-tuning-lstm", "prefix", "lora");
    private static final List<String> PROMPTS = TinyTexts.of(4, 9).texts();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static JsonNode ofPeft = JSON.nullNode();

    private record Case(String model, String method) {
        Path run() {
            return folder.resolve("runs").resolve(toString());
        }

        Path saved() {
            return folder.resolve("peft").resolve(toString());
        }

        @Override
        public String toString() {
            return model + "-" + method;
        }
    }

    static List<Case> cases() {
        return Stream.concat(
                        FAMILIES.stream().flatMap(model -> METHODS.stream().map(method -> new Case(model, method))),
                        Stream.of(new Case(SMOLLM2, "prompt"), new Case(SMOLLM2, "lora")))
                .toList();
    }

    @BeforeAll
    static void trainAndAskPeft() throws IOException, InterruptedException {
        var bases = new HashMap<String, Path>(Map.of(SMOLLM2, ProvidedFolders.model(SMOLLM2)));
        for (String family : FAMILIES) {
            var fields = new HashMap<String, Object>(TinyModels.ROOMY);
            fields.put("tie_word_embeddings", true);
            fields.put("num_decoder_layers", 2); // transformers' cache for T5 has as many blocks as the encoder
            fields.put("architectures", List.of());
            bases.put(family, TinyModels.write(family, folder.resolve("base").resolve(family), fields));
        }
        var described = new ArrayList<Map<String, Object>>();
        for (Case one : cases()) {
            Path base = bases.getOrDefault(one.model(), folder);
            train(one, base);
            try (var classifier = TextClassifier.load(one.run())) {
                var template = classifier.answering().orElseThrow().scorer().template();
                described.add(Map.of(
                        "name", one.toString(),
                        "method", one.method(),
                        "base", base.toString(),
                        "run", one.run().toString(),
                        "save", one.saved().toString(),
                        "texts", template.encode(PROMPTS),
                        "labels", template.labels()));
            }
        }
        Path out = folder.resolve("out.json");
        Path cases = folder.resolve("cases.json");
        Path prompts = folder.resolve("prompts.json");
        JSON.writeValue(cases.toFile(), described);
        JSON.writeValue(prompts.toFile(), PROMPTS);
        PythonScript.run(
                "written.py",
                folder,
                List.of(cases.toString(), prompts.toString(), Integer.toString(NEW_TOKENS), out.toString()));
        ofPeft = JSON.readTree(out.toFile());
    }

    private static void train(Case one, Path base) {
        var options = new HashMap<String, Object>(Map.of(
                "data",
                TinyTexts.write(TinyTexts.of(24, 1), folder.resolve("texts.csv"))
                        .toString(),
                "model",
                base.toString(),
                "template",
                "{text} Label : ",
                "max-steps",
                3,
                "batch-size",
                4,
                "learning-rate",
                0.05,
                "label-scoring",
                "sum",
                "split",
                "0.8,0.2,0"));
        if (one.method().startsWith("p-tuning")) {
            options.put("method", "p-tuning");
            options.put("encoder-reparameterization-type", one.method().substring("p-tuning-".length()));
        } else {
            options.put("method", one.method());
        }
        assertThat(Run.train(Recipe.defaults().with(options), one.run(), RunListener.NONE, () -> false)
                        .completed())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void peftWritesWhatARunWrites(Case one) {
        assertWrites(one.run(), ofPeft.path(one.toString()).path("ours"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anAdapterThatPeftSavedWritesTheSameHere(Case one) {
        assertWrites(one.saved(), ofPeft.path(one.toString()).path("theirs"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    @SuppressWarnings("try") // scope and mode are there for what they do
    void peftScoresTheLabelsOfARunTheSame(Case one) {
        double[][] expected = JSON.convertValue(ofPeft.path(one.toString()).path("scores"), double[][].class);
        try (var classifier = TextClassifier.load(one.run());
                var scope = new PointerScope();
                var inference = new InferenceMode()) {
            var ready = classifier.answering().orElseThrow();
            float[][] scores =
                    Tensors.toFloatRows(ready.logits(ready.scorer().template().encode(PROMPTS)));

            assertThat(scores).hasDimensions(PROMPTS.size(), 3);
            for (int i = 0; i < scores.length; i++) {
                for (int label = 0; label < 3; label++) {
                    assertThat((double) scores[i][label])
                            .as("%s, label %d", PROMPTS.get(i), label)
                            .isCloseTo(expected[i][label], within(1e-3));
                }
            }
        }
    }

    private static void assertWrites(Path adapter, JsonNode expected) {
        assertThat(expected).hasSize(PROMPTS.size());
        try (var generator = TextGenerator.load(adapter)) {
            // Texts of unlike lengths in one batch; an end of text is a token like others.
            var options = GenerationOptions.greedy().withMaxNewTokens(NEW_TOKENS);
            for (int i = 0; i < PROMPTS.size(); i++) {
                var next = generator.nextTokens(PROMPTS.get(i), 5, options);
                for (var candidate : next.candidates()) {
                    assertThat(candidate.logit())
                            .as("%s, token %d", PROMPTS.get(i), candidate.id())
                            .isCloseTo(
                                    expected.get(i)
                                            .path("logits")
                                            .get(candidate.id())
                                            .asDouble(),
                                    within(1e-3));
                }
            }
            var written = generator.generate(PROMPTS, options, GenerationListener.NONE);
            for (int i = 0; i < PROMPTS.size(); i++) {
                int[] ids = JSON.convertValue(expected.get(i).path("ids"), int[].class);
                var here = written.get(i).ids();
                assertThat(here).as(PROMPTS.get(i)).isNotEmpty();
                for (int t = 0; t < here.size(); t++) {
                    assertThat(here.get(t))
                            .as("%s, token %d", PROMPTS.get(i), t)
                            .isEqualTo(ids[t]);
                }
            }
        }
    }
}
