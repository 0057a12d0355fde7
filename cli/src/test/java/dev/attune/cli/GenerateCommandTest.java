package dev.attune.cli;

import static dev.attune.cli.CommandRun.attune;
import static dev.attune.cli.CommandRun.attuneReading;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** attune generate with a tiny random model, whose tokens are capital letters, digits and punctuation. */
class GenerateCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path GOLDEN = Path.of("../tune/src/test/resources/golden/gpt2/causal");

    @TempDir
    static Path folder;

    private static String model = "";

    @BeforeAll
    static void write() throws IOException {
        Path target = Files.createDirectories(folder.resolve("model"));
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(GOLDEN.resolve(name), target.resolve(name));
        }
        for (String name : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            try (var in = GenerateCommandTest.class.getResourceAsStream("/tokenizer/tiny-gpt2/" + name)) {
                Files.write(target.resolve(name), Objects.requireNonNull(in).readAllBytes());
            }
        }
        model = target.toString();
    }

    @Test
    void oneTextIsPrintedAsItIsStreamedOrNot() throws IOException {
        var streamed = attune("generate", model, "HELLO", "--max-new-tokens", "8");
        assertThat(streamed.err()).isEmpty();
        assertThat(streamed.code()).isZero();
        String text = json("HELLO", "--max-new-tokens", "8").get("text").asText();
        assertThat(streamed.out()).isEqualTo(text + System.lineSeparator()).hasSizeGreaterThan(4);
        assertThat(attune("generate", model, "HELLO", "--max-new-tokens", "8", "--no-stream")
                        .out())
                .isEqualTo(streamed.out());
        assertThat(attune("generate", model, "HELLO", "--max-new-tokens", "8", "--no-cache")
                        .out())
                .isEqualTo(streamed.out());
    }

    @Test
    void aPieceIsPrintedBeforeTheTextIsComplete() {
        var flushed = new ArrayList<String>();
        var out = new StringWriter() {
            @Override
            public void flush() {
                flushed.add(toString());
            }
        };
        var console = new Console(
                new ByteArrayInputStream(new byte[0]),
                new PrintWriter(out),
                new PrintWriter(new StringWriter()),
                false);
        assertThat(Attune.run(console, "generate", model, "HELLO", "--max-new-tokens", "6"))
                .isZero();
        assertThat(flushed.stream().distinct()).hasSizeGreaterThan(4);
    }

    @Test
    void severalTextsGetALineEach() {
        var lines = attuneReading("A\nBCD\n", "generate", model, "--max-new-tokens", "4")
                .out()
                .lines()
                .toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("A\t").hasSizeGreaterThan(3);
        assertThat(lines.get(1)).startsWith("BCD\t");
        assertThat(attune("generate", model, "A", "BCD", "--max-new-tokens", "4")
                        .out()
                        .lines())
                .isEqualTo(lines);
    }

    @Test
    void promptsComeFromATable() throws IOException {
        Path table = Files.writeString(folder.resolve("prompts.csv"), "text\nABC\nXYZ\n");
        var run = attune("generate", model, "--data", table.toString(), "--json", "--max-new-tokens", "3");
        assertThat(run.err()).isEmpty();
        var lines = run.out().lines().toList();
        assertThat(lines).hasSize(2);
        var second = JSON.readTree(lines.get(1));
        assertThat(second.get("prompt").asText()).isEqualTo("XYZ");
        assertThat(second.get("tokens")).hasSize(3);
        assertThat(second.get("finish").asText()).isEqualTo("length");
    }

    @Test
    void whatIsDrawnDependsOnTheSeed() throws IOException {
        String[] options = {"--temperature", "1.5", "--top-k", "40", "--top-p", "0.95", "--max-new-tokens", "15"};
        var first = json("HELLO", options);
        assertThat(json("HELLO", options)).isEqualTo(first);
        var other = new ArrayList<>(List.of(options));
        other.addAll(List.of("--seed", "5"));
        assertThat(json("HELLO", other.toArray(String[]::new)).get("tokens")).isNotEqualTo(first.get("tokens"));
    }

    @Test
    void explainLogitsShowsATableAPictureAndJson() throws IOException {
        Path picture = folder.resolve("next.png");
        var run = attune("generate", model, "HELLO", "--explain-logits", "--top", "4", "--picture", picture.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("HELLO …").containsPattern("text +token +id +logit +probability +chance");
        assertThat(run.out().lines()).hasSize(6);
        assertThat(Files.readAllBytes(picture)).startsWith(0x89, 'P', 'N', 'G');

        var candidates = json("HELLO", "--explain-logits", "--top", "4", "--temperature", "0.5", "--top-k", "2")
                .get("candidates");
        assertThat(candidates).hasSize(4);
        assertThat(candidates.get(1).get("chance").asDouble()).isPositive();
        assertThat(candidates.get(2).get("chance").asDouble()).isZero();
        assertThat(candidates.get(2).get("probability").asDouble()).isPositive();
        String likeliest = json("HELLO", "--max-new-tokens", "1").get("text").asText();
        assertThat(candidates.get(0).get("text").asText()).isEqualTo(likeliest);
    }

    @Test
    void optionsThatDoNotFitAreWrongUsage() {
        for (String[] wrong : new String[][] {
            {"--top-p", "0.9"},
            {"--temperature", "-1"},
            {"--max-new-tokens", "0"},
            {"--max-new-tokens", "5", "--max-length", "9"},
            {"--top", "0", "--explain-logits"},
            {"--picture", "x.png"},
        }) {
            var arguments = new ArrayList<>(List.of("generate", model, "HELLO"));
            arguments.addAll(List.of(wrong));
            var run = attune(arguments.toArray(String[]::new));
            assertThat(run.code()).as(String.join(" ", wrong)).isEqualTo(2);
            assertThat(run.err()).contains(wrong[0].substring(2)).contains("See 'attune generate --help'");
        }
    }

    @Test
    void aMaxLengthWithoutRoomIsExplained() {
        var run = attune("generate", model, "HELLO", "--max-length", "2");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("max-length is 2").contains("max-new-tokens");
        assertThat(run.err().lines()).hasSize(1);
    }

    private static JsonNode json(String prompt, String... options) throws IOException {
        var arguments = new ArrayList<>(List.of("generate", model, prompt, "--json"));
        arguments.addAll(List.of(options));
        var run = attune(arguments.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return JSON.readTree(run.out());
    }
}
