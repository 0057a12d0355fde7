package dev.attune.generation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.ProvidedFolders;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Greedy search with SmolLM2 gives transformers' tokens, for 50 messages of unequal length, in batches. */
@Tag("real")
class TransformersGenerationTest {
    private static final int PROMPTS = 50;
    private static final int NEW_TOKENS = 20;
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    @Test
    void smolLm2GoesOnAsInTransformers() throws IOException, InterruptedException {
        Path model = ProvidedFolders.model("smollm2-135m-instruct");
        List<String> prompts;
        try (var lines = Files.lines(ProvidedFolders.data("sms_spam/SMSSpamCollection"))) {
            prompts = lines.skip(200)
                    .limit(PROMPTS)
                    .map(line -> line.substring(line.indexOf('\t') + 1))
                    .toList();
        }
        JsonNode expected = transformers(model, prompts);

        try (var generator = TextGenerator.load(model, Dtype.F32, Device.CPU)) {
            var generations = generator.generate(
                    prompts, GenerationOptions.greedy().withMaxNewTokens(NEW_TOKENS), GenerationListener.NONE);

            assertThat(expected).hasSize(PROMPTS);
            for (int i = 0; i < PROMPTS; i++) {
                var generation = generations.get(i);
                assertThat(generation.ids())
                        .as(prompts.get(i))
                        .containsExactly(JSON.convertValue(expected.get(i).get("ids"), Integer[].class));
                assertThat(generation.text())
                        .isEqualTo(expected.get(i).get("text").asText());
                assertThat(generation.promptTokens())
                        .isEqualTo(expected.get(i).get("prompt").size());
            }
        }
    }

    private JsonNode transformers(Path model, List<String> prompts) throws IOException, InterruptedException {
        Path in = folder.resolve("prompts.json");
        Path out = folder.resolve("generated.json");
        Path log = folder.resolve("python.log");
        JSON.writeValue(in.toFile(), prompts);
        int status = new ProcessBuilder(
                        ProvidedFolders.python().toString(),
                        "../scripts/interop/generation.py",
                        model.toString(),
                        in.toString(),
                        Integer.toString(NEW_TOKENS),
                        out.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(status).as(Files.readString(log)).isZero();
        return JSON.readTree(out.toFile());
    }
}
