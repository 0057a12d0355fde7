package dev.attune.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.ProvidedFolders;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real tokenizers on real text, beside transformers. */
@Tag("interop")
class TransformersIdsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_LENGTH = 24;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"gpt2-shape", "bert-base-uncased", "smollm2-135m-instruct", "minilm"})
    void idsOfAThousandLinesEqualTransformers(String model) throws IOException, InterruptedException {
        List<String> texts = thousandLines();
        JsonNode expected = transformers(ProvidedFolders.model(model), texts);
        try (Tokenizer tokenizer = Tokenizer.load(ProvidedFolders.model(model))) {
            List<int[]> full = tokenizer.encodeAll(texts, Integer.MAX_VALUE);
            assertThat(full).containsExactlyElementsOf(arrays(expected.path("ids")));
            assertThat(tokenizer.encodeAll(texts, MAX_LENGTH))
                    .containsExactlyElementsOf(arrays(expected.path("truncated")));
            assertThat(texts.stream().map(tokenizer::encodeWithoutSpecialTokens).toList())
                    .containsExactlyElementsOf(arrays(expected.path("plain")));
            for (int i = 0; i < texts.size(); i++) {
                assertThat(tokenizer.decode(full.get(i), true))
                        .isEqualTo(expected.path("decoded").path(i).textValue());
            }
            assertThat(tokenizer.vocabSize())
                    .isEqualTo(expected.path("vocab_size").intValue());
            JsonNode special = expected.path("special");
            assertThat(tokenizer.pad()).isEqualTo(special(special.path("pad_token")));
            assertThat(tokenizer.bos()).isEqualTo(special(special.path("bos_token")));
            assertThat(tokenizer.eos()).isEqualTo(special(special.path("eos_token")));
            assertThat(tokenizer.cls()).isEqualTo(special(special.path("cls_token")));
            assertThat(tokenizer.sep()).isEqualTo(special(special.path("sep_token")));
            assertThat(tokenizer.unk()).isEqualTo(special(special.path("unk_token")));
            assertThat(tokenizer.mask()).isEqualTo(special(special.path("mask_token")));
        }
    }

    private JsonNode transformers(Path model, List<String> texts) throws IOException, InterruptedException {
        Path input = folder.resolve("texts.json");
        Path output = folder.resolve("ids.json");
        Path log = folder.resolve("python.log");
        JSON.writeValue(input.toFile(), texts);
        Process python = new ProcessBuilder(
                        ProvidedFolders.python().toString(),
                        "src/test/python/tokenizer_ids.py",
                        model.toString(),
                        input.toString(),
                        output.toString(),
                        Integer.toString(MAX_LENGTH))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(python.waitFor()).as(() -> read(log)).isZero();
        return JSON.readTree(output.toFile());
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no output: " + e.getMessage();
        }
    }

    /** SMS slang, quoted CSV with newlines cut apart, latin-1 questions, tweets with emoji, film reviews, verse. */
    private static List<String> thousandLines() throws IOException {
        var lines = new ArrayList<String>();
        lines.addAll(lines("sms_spam/SMSSpamCollection", 250, StandardCharsets.UTF_8));
        lines.addAll(lines("banking77/test.csv", 150, StandardCharsets.UTF_8));
        lines.addAll(lines("trec/TREC.train.all", 150, StandardCharsets.ISO_8859_1));
        lines.addAll(lines("tweeteval/emotion/train_text.txt", 200, StandardCharsets.UTF_8));
        lines.addAll(lines("tweeteval/irony/train_text.txt", 100, StandardCharsets.UTF_8));
        lines.addAll(lines("sst/stsa.binary.dev", 100, StandardCharsets.UTF_8));
        lines.addAll(lines("corpus/tinyshakespeare/input.txt", 50, StandardCharsets.UTF_8));
        assertThat(lines).hasSize(1000);
        return lines;
    }

    private static List<String> lines(String name, int count, Charset charset) throws IOException {
        try (var all = Files.lines(ProvidedFolders.data(name), charset)) {
            return all.limit(count).toList();
        }
    }

    private static List<int[]> arrays(JsonNode rows) {
        assertThat(rows).hasSize(1000);
        return IntStream.range(0, rows.size())
                .mapToObj(i -> JSON.convertValue(rows.path(i), int[].class))
                .toList();
    }

    private static Optional<SpecialToken> special(JsonNode token) {
        return token.isMissingNode()
                ? Optional.empty()
                : Optional.of(new SpecialToken(
                        token.path(0).textValue(), token.path(1).intValue()));
    }
}
