package dev.attune.cli;

import static dev.attune.cli.CommandRun.attune;
import static dev.attune.cli.CommandRun.attuneReading;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that answers with labels' words: a tiny model, which has learned to say NO of everything. */
class LabelWordCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path GOLDEN = Path.of("../tune/src/test/resources/golden/gpt2/causal");

    @TempDir
    private static Path folder;

    private static Path data;
    private static String run = "";
    /** The same with another word for the label: what the model says is none. */
    private static String unmatched = "";

    @BeforeAll
    static void train() throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(GOLDEN.resolve(name), model.resolve(name));
        }
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            try (var in = LabelWordCommandsTest.class.getResourceAsStream("/tokenizer/tiny-gpt2/" + name)) {
                Files.write(model.resolve(name), Objects.requireNonNull(in).readAllBytes());
            }
        }
        data = Files.writeString(
                folder.resolve("texts.csv"), "text,label\n" + "AB,NO\nCDE,NO\nBE,NO\n".repeat(9) + "CC,YES\n");
        Path out = folder.resolve("run");
        var trained = attune(
                "train",
                "--data",
                data.toString(),
                "--model",
                model.toString(),
                "--method",
                "lora",
                "--template",
                "{text}:",
                "--target-modules",
                "all-linear",
                "--learning-rate",
                "0.02",
                "--epochs",
                "20",
                "--split",
                "1,0,0",
                "--threads",
                "1",
                "--out",
                out.toString());
        assertThat(trained.err()).isEmpty();
        assertThat(trained.code()).isZero();
        run = out.toString();

        Path other = Files.createDirectories(folder.resolve("other"));
        for (String name : List.of(
                "adapter_config.json", "adapter_model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(out.resolve(name), other.resolve(name));
        }
        var settings = (ObjectNode) JSON.readTree(out.resolve("attune.json").toFile());
        ((ArrayNode) settings.at("/answer/words"))
                .set(settings.get("labels").get(0).asText().equals("NO") ? 0 : 1, "QQ");
        JSON.writeValue(other.resolve("attune.json").toFile(), settings);
        unmatched = other.toString();
    }

    @Test
    void whatIsWrittenStandsInTheProbabilitysPlace() throws IOException {
        assertThat(generate(run, "AB", "CDE").out().lines()).containsExactly("AB\tNO\tNO", "CDE\tNO\tNO");
        var json = JSON.readTree(generate(run, "AB", "--json").out());
        assertThat(json).isEqualTo(JSON.readTree("{\"text\": \"AB\", \"label\": \"NO\", \"generated\": \"NO\"}"));
        assertThat(attuneReading("AB\nCDE\nBE\n", "classify", run, "--answer", "GENERATE")
                        .out()
                        .lines())
                .hasSize(3)
                .first()
                .isEqualTo("AB\tNO\tNO");
    }

    @Test
    void scoresAreTheDefault() {
        var scored = attune("classify", run, "AB");
        assertThat(scored.out()).containsPattern("^AB\tNO\t[01]\\.\\d{4}\\R$");
        assertThat(attune("classify", run, "AB", "--answer", "scores").out()).isEqualTo(scored.out());
    }

    @Test
    void anAnswerThatIsNoLabelIsShownAndGetsNone() throws IOException {
        assertThat(generate(unmatched, "AB").out().lines()).containsExactly("AB\t(no label)\tNO");
        var json = JSON.readTree(generate(unmatched, "AB", "--json").out());
        assertThat(json).isEqualTo(JSON.readTree("{\"text\": \"AB\", \"label\": null, \"generated\": \"NO\"}"));
        assertThat(attune("classify", unmatched, "AB").out()).startsWith("AB\t").doesNotContain("(no label)");
    }

    @Test
    void filesHaveAnEmptyFieldOrNullForIt() throws IOException {
        Path csv = folder.resolve("answers.csv");
        var written = generate(unmatched, "--data", data.toString(), "--out", csv.toString());
        assertThat(written.err()).isEmpty();
        assertThat(written.out())
                .contains("28 rows in " + csv)
                .contains("28 of them have no label")
                .contains("'NO'");
        assertThat(Files.readAllLines(csv)).hasSize(29).startsWith("text,label", "AB,\"\"", "CDE,\"\"");

        Path lines = folder.resolve("answers.jsonl");
        assertThat(generate(unmatched, "--data", data.toString(), "--out", lines.toString())
                        .code())
                .isZero();
        assertThat(JSON.readTree(Files.readAllLines(lines).get(0)))
                .isEqualTo(JSON.readTree("{\"text\": \"AB\", \"label\": null, \"generated\": \"NO\"}"));

        assertThat(generate(run, "--data", data.toString(), "--out", csv.toString())
                        .out())
                .doesNotContain("no label");
        assertThat(Files.readAllLines(csv)).startsWith("text,label", "AB,NO");
    }

    @Test
    void anUnknownWayNamesThoseThereAre() {
        var other = attune("classify", run, "AB", "--answer", "guess");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("guess").contains("SCORES, GENERATE");
    }

    @Test
    void evaluateComparesBothWays() throws IOException {
        var compared = attune("evaluate", unmatched, "--data", data.toString(), "--compare-generation");
        assertThat(compared.err()).isEmpty();
        assertThat(compared.out())
                .containsPattern("scored +0\\.\\d{3} .* 0\\R")
                .containsPattern("generated +0\\.000 .* 28\\R")
                .contains("They agree on 0 of 28 rows.")
                .contains("'NO'");
        var json =
                JSON.readTree(attune("evaluate", unmatched, "--data", data.toString(), "--compare-generation", "--json")
                        .out());
        assertThat(json.get("unmatched")).hasSize(28);
        assertThat(json.get("agreeing").asInt()).isZero();
    }

    private static CommandRun generate(String model, String... arguments) {
        var all = new ArrayList<>(List.of("classify", model, "--answer", "generate"));
        all.addAll(List.of(arguments));
        return attune(all.toArray(String[]::new));
    }
}
