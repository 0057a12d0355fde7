package dev.attune.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.files.Home;
import dev.attune.files.InputException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against golden.json, which scripts/make_tokenizer_golden.py writes with transformers. */
class TokenizerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ANY = Integer.MAX_VALUE;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-bert", "tiny-llama"})
    void givesTheIdsOfTransformers(String name) throws IOException {
        JsonNode golden = JSON.readTree(resource("golden.json").toFile());
        List<String> texts = texts(golden);
        try (Tokenizer tokenizer = Tokenizer.load(resource(name))) {
            assertThat(tokenizer.vocabSize())
                    .isEqualTo(golden.at("/" + name + "/vocab_size").intValue());
            for (int i = 0; i < texts.size(); i++) {
                String text = texts.get(i);
                JsonNode expected = golden.path(name).path("cases").path(i);
                int[] ids = tokenizer.encode(text, ANY);
                assertThat(ids).as(text).containsExactly(ints(expected.path("ids")));
                assertThat(tokenizer.encodeWithoutSpecialTokens(text))
                        .as(text)
                        .containsExactly(ints(expected.path("plain")));
                assertThat(tokenizer.tokens(ids)).as(text).isEqualTo(strings(expected.path("tokens")));
                assertThat(tokenizer.decode(ids, false))
                        .isEqualTo(expected.path("decoded").textValue());
                assertThat(tokenizer.decode(ids, true))
                        .isEqualTo(expected.path("decoded_plain").textValue());
            }
            assertThat(tokenizer.lengths(texts))
                    .containsExactly(golden.path(name).path("cases").findValues("ids").stream()
                            .mapToInt(JsonNode::size)
                            .toArray());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-bert", "tiny-llama"})
    void truncatesAsTransformersDoes(String name) throws IOException {
        JsonNode golden = JSON.readTree(resource("golden.json").toFile());
        List<String> texts = texts(golden);
        try (Tokenizer tokenizer = Tokenizer.load(resource(name))) {
            for (int length : new int[] {2, 3, 5, 12, 17, 64}) {
                List<int[]> batch = tokenizer.encodeAll(texts, length);
                assertThat(batch).hasSameSizeAs(texts);
                for (int i = 0; i < texts.size(); i++) {
                    int[] expected = ints(golden.path(name)
                            .path("cases")
                            .path(i)
                            .path("truncated")
                            .path("" + length));
                    assertThat(tokenizer.encode(texts.get(i), length)).containsExactly(expected);
                    assertThat(batch.get(i)).containsExactly(expected);
                }
            }
        }
    }

    @Test
    void ignoresTheTruncationAndPaddingInTheFile() throws IOException {
        JsonNode file = JSON.readTree(resource("tiny-bert/tokenizer.json").toFile());
        assertThat(file.at("/truncation/max_length").intValue()).isEqualTo(12);
        assertThat(file.at("/padding/strategy/Fixed").intValue()).isEqualTo(16);
        try (Tokenizer tokenizer = Tokenizer.load(resource("tiny-bert"))) {
            assertThat(tokenizer.encode("a", ANY)).hasSize(3);
            assertThat(tokenizer.encode("a ".repeat(100), ANY)).hasSize(102);
            assertThat(tokenizer.encodeAll(List.of("a", "a ".repeat(100)), ANY))
                    .extracting(ids -> ids.length)
                    .containsExactly(3, 102);
        }
    }

    @Test
    void cutsTheBeginningWhereTheFolderSaysSo() throws IOException {
        copy("tiny-bert");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"truncation_side\": \"left\"}");
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            assertThat(tokenizer.tokens(tokenizer.encode("a b c d e", 4))).containsExactly("[CLS]", "d", "e", "[SEP]");
        }
    }

    @Test
    void readsSpecialTokensWrittenAsStringsOrObjects() {
        try (Tokenizer bert = Tokenizer.load(resource("tiny-bert"))) {
            assertThat(bert.pad()).contains(new SpecialToken("[PAD]", 0));
            assertThat(bert.unk()).contains(new SpecialToken("[UNK]", 1));
            assertThat(bert.cls()).contains(new SpecialToken("[CLS]", 2));
            assertThat(bert.sep()).contains(new SpecialToken("[SEP]", 3));
            assertThat(bert.mask()).contains(new SpecialToken("[MASK]", 4));
            assertThat(bert.bos()).isEmpty();
            assertThat(bert.modelMaxLength()).hasValue(64);
        }
        try (Tokenizer llama = Tokenizer.load(resource("tiny-llama"))) {
            assertThat(llama.bos()).contains(new SpecialToken("<s>", 1));
            assertThat(llama.eos()).contains(new SpecialToken("</s>", 2));
            assertThat(llama.pad()).contains(new SpecialToken("<pad>", 3));
            assertThat(llama.modelMaxLength()).as("1e30 stands for unknown").isEmpty();
        }
    }

    @Test
    void worksWithoutAPadToken() {
        try (Tokenizer tokenizer = Tokenizer.load(resource("tiny-gpt2"))) {
            assertThat(tokenizer.pad()).isEmpty();
            assertThat(tokenizer.eos()).contains(new SpecialToken("<|endoftext|>", 0));
            assertThat(tokenizer.encodeAll(List.of("a", "two words"), 8))
                    .hasSize(2)
                    .allSatisfy(ids -> assertThat(ids).isNotEmpty());
        }
    }

    @Test
    void leavesOutASpecialTokenThatTheVocabularyDoesNotHave() throws IOException {
        copy("tiny-gpt2");
        Files.writeString(
                folder.resolve("special_tokens_map.json"), "{\"pad_token\": \"<nowhere>\", \"cls_token\": null}");
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            assertThat(tokenizer.pad()).isEmpty();
            assertThat(tokenizer.cls()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-gpt2", "tiny-bert", "tiny-llama"})
    void readsAnyString(String name) {
        List<String> odd = List.of(
                "", "\0", "\uD83D\uDE00", "lone \uD83D high", "lone \uDE00 low", "\uDE00\uD83D", "\uD83D", "x\uFFFFy");
        try (Tokenizer tokenizer = Tokenizer.load(resource(name))) {
            List<int[]> batch = tokenizer.encodeAll(odd, 64);
            for (int i = 0; i < odd.size(); i++) {
                assertThat(batch.get(i)).containsExactly(tokenizer.encode(odd.get(i), 64));
            }
            assertThat(tokenizer.encode("lone \uD83D high", 64)).isEqualTo(tokenizer.encode("lone \uFFFD high", 64));
            assertThat(tokenizer.encode("lone \uDE00", 64)).isEqualTo(tokenizer.encode("lone \uFFFD", 64));
        }
    }

    @Test
    void readsALineOfAMegabyte() {
        String line = "parcel ".repeat(150_000);
        try (Tokenizer tokenizer = Tokenizer.load(resource("tiny-gpt2"))) {
            List<int[]> batch = tokenizer.encodeAll(List.of("short", line, "x".repeat(100_000)), 100);
            assertThat(batch.get(0)).containsExactly(tokenizer.encode("short", 100));
            assertThat(batch.get(1)).containsExactly(tokenizer.encode("parcel ".repeat(200), 100));
            assertThat(batch.get(2)).hasSize(100);
        }
    }

    @Test
    void keepsTheOrderOfManyTexts() {
        List<String> texts =
                IntStream.range(0, 5000).mapToObj(i -> "order " + i).toList();
        try (Tokenizer tokenizer = Tokenizer.load(resource("tiny-llama"))) {
            List<int[]> batch = tokenizer.encodeAll(texts, 32);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(tokenizer.decode(batch.get(i), true)).isEqualTo(texts.get(i));
            }
            assertThat(tokenizer.encodeAll(List.of(), 32)).isEmpty();
        }
    }

    @Property(tries = 200)
    void everyTextKeepsItsLengthLimitAndItsSpecialTokens(
            @ForAll String text, @ForAll @IntRange(min = 2, max = 20) int max) {
        Tokenizer tokenizer = Bert.TOKENIZER;
        int[] whole = tokenizer.encode(text, ANY);
        int[] cut = tokenizer.encode(text, max);
        assertThat(cut).hasSize(Math.min(max, whole.length)).startsWith(2).endsWith(3);
        assertThat(Arrays.copyOf(cut, cut.length - 1)).isEqualTo(Arrays.copyOf(whole, cut.length - 1));
    }

    /** Loaded once for all tries of the property. */
    private static final class Bert {
        static final Tokenizer TOKENIZER = Tokenizer.load(resource("tiny-bert"));
    }

    @Test
    void servesSeveralThreads() {
        List<String> texts =
                IntStream.range(0, 200).mapToObj(i -> "message " + i).toList();
        try (Tokenizer tokenizer = Tokenizer.load(resource("tiny-bert"))) {
            List<int[]> expected = tokenizer.encodeAll(texts, 16);
            var runs = IntStream.range(0, 8)
                    .mapToObj(run -> CompletableFuture.supplyAsync(() -> run % 2 == 0
                            ? tokenizer.encodeAll(texts, 16)
                            : texts.stream()
                                    .map(text -> tokenizer.encode(text, 16))
                                    .toList()))
                    .toList();
            runs.forEach(run -> assertThat(run.join()).containsExactlyElementsOf(expected));
        }
    }

    @Test
    void refusesToBeUsedOnceClosed() {
        Tokenizer tokenizer = Tokenizer.load(resource("tiny-bert"));
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("a", 8))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> tokenizer.encodeAll(List.of("a"), 8)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> tokenizer.decode(new int[] {1}, true)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void leavesOutIdsThatDoNotExistWhenDecodingAndNamesThemAsTokens() {
        try (Tokenizer tokenizer = Tokenizer.load(resource("tiny-bert"))) {
            int[] ids = {tokenizer.encode("a", 8)[1], 1_000_000, -1};
            assertThat(tokenizer.decode(ids, false)).isEqualTo("a");
            assertThatThrownBy(() -> tokenizer.tokens(ids))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1000000");
        }
    }

    @Test
    void savesTheFilesAsTheyAre() throws IOException {
        Path copy = folder.resolve("saved");
        try (Tokenizer tokenizer = Tokenizer.load(resource("tiny-llama"))) {
            tokenizer.saveTo(copy);
            tokenizer.saveTo(resource("tiny-llama"));
        }
        for (String name :
                List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja")) {
            assertThat(copy.resolve(name)).hasSameBinaryContentAs(resource("tiny-llama/" + name));
        }
        try (Tokenizer original = Tokenizer.load(resource("tiny-llama"));
                Tokenizer again = Tokenizer.load(copy)) {
            assertThat(again.encode("Where is my parcel?", 8)).isEqualTo(original.encode("Where is my parcel?", 8));
        }
    }

    @Test
    void saysWhatIsWrongWithAFolder() throws IOException {
        Path missing = folder.resolve("nowhere");
        assertThatThrownBy(() -> Tokenizer.load(missing))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(missing + " is not a folder");
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has no tokenizer.json,");
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n");
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there is vocab.txt")
                .hasMessageContaining("save_pretrained");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "nonsense",
                "{\"model\": 3}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": -1}, \"merges\": []}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 99999999999}, \"merges\": []}}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": \"b\"}, \"merges\": []}}",
                "{\"model\": {\"type\": \"Unknown\", \"vocab\": {\"a\": 0}}}"
            })
    void namesTheTokenizerFileThatCannotBeRead(String content) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, content);
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void namesTheConfigFileAndThePlaceThatIsNotJson() throws IOException {
        copy("tiny-gpt2");
        Path file = folder.resolve("tokenizer_config.json");
        Files.writeString(file, "{\n  \"model_max_length\": 12,\n  oops\n}");
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(file + ", line 3");
        Files.write(folder.resolve("tokenizer.json"), new byte[] {'{', (byte) 0xFF, '}'});
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void refusesALengthThatLeavesNoRoom() {
        try (Tokenizer tokenizer = Tokenizer.load(resource("tiny-bert"))) {
            assertThat(tokenizer.encode("a b c", 2)).containsExactly(2, 3);
            assertThatThrownBy(() -> tokenizer.encode("a", 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("adds 2 special tokens");
            assertThatThrownBy(() -> tokenizer.encodeAll(List.of(), 0)).isInstanceOf(InputException.class);
        }
        try (Tokenizer tokenizer = Tokenizer.load(resource("tiny-gpt2"))) {
            assertThat(tokenizer.encode("a b c", 1)).hasSize(1);
            assertThatThrownBy(() -> tokenizer.encode("a", 0)).isInstanceOf(InputException.class);
        }
    }

    @Test
    void unpacksItsLibraryIntoAttunesHomeAndLeavesTheSystemPropertiesAsTheyWere() {
        Tokenizer.load(resource("tiny-gpt2")).close();
        assertThat(Home.fromEnvironment().folder().resolve("native/tokenizers")).isNotEmptyDirectory();
        assertThat(System.getProperty("ai.djl.offline")).isNull();
        assertThat(System.getProperty("ENGINE_CACHE_DIR")).isNull();
    }

    private void copy(String name) throws IOException {
        Files.copy(resource(name + "/tokenizer.json"), folder.resolve("tokenizer.json"));
    }

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(TokenizerTest.class.getResource("/tokenizer/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> texts(JsonNode golden) {
        List<String> texts = strings(golden.path("texts"));
        assertThat(texts).hasSizeGreaterThan(15);
        return texts;
    }

    private static List<String> strings(JsonNode array) {
        var strings = new ArrayList<String>();
        array.forEach(node -> strings.add(node.textValue()));
        return strings;
    }

    private static int[] ints(JsonNode array) {
        assertThat(array.isArray()).isTrue();
        return IntStream.range(0, array.size())
                .map(i -> array.path(i).intValue())
                .toArray();
    }
}
