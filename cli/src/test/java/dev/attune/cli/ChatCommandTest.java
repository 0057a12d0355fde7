package dev.attune.cli;

import static dev.attune.cli.CommandRun.attune;
import static dev.attune.cli.CommandRun.attuneReading;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** attune chat with a tiny random model, whose tokens are capital letters, digits and punctuation. */
class ChatCommandTest {
    private static final Path GOLDEN = Path.of("../tune/src/test/resources/golden/gpt2/causal");
    private static final String TEMPLATE =
            "{% for m in messages %}{{ m.role[0] | upper }}:{{ m.content }};{% endfor %}{{ 'A:' if add_generation_prompt }}";

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
            try (var in = ChatCommandTest.class.getResourceAsStream("/tokenizer/tiny-gpt2/" + name)) {
                Files.write(target.resolve(name), Objects.requireNonNull(in).readAllBytes());
            }
        }
        Files.writeString(target.resolve("chat_template.jinja"), TEMPLATE);
        model = target.toString();
    }

    @Test
    void aTurnSeesTheTurnsBeforeIt() {
        String first = generated("U:HI;A:");
        String second = generated("U:HI;A:" + first + ";U:YO;A:");
        assertThat(chat("HI\n\nYO\n")).containsExactly(first, second);
        assertThat(second).isNotEqualTo(generated("U:YO;A:"));
    }

    @Test
    void resetAndSystemBeginAnew() {
        String hi = generated("U:HI;A:");
        String withSystem = generated("S:BE;U:HI;A:");
        assertThat(chat("HI\n/reset\nHI\n/system BE\nHI\n/reset\nHI\n/system\nHI\n"))
                .containsExactly(hi, hi, withSystem, withSystem, hi);
        assertThat(chat("HI\n", "--system", "BE")).containsExactly(withSystem);
    }

    @Test
    void exitEndsTheConversation() {
        assertThat(chat("/exit\nHI\n")).isEmpty();
    }

    @Test
    void anUnknownCommandIsNamedAndTheConversationGoesOn() {
        var run = attuneReading("/help\nHI\n", "chat", model, "--max-new-tokens", "4");
        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("/help is no command").contains("/reset");
        assertThat(run.out().strip()).isEqualTo(generated("U:HI;A:"));
    }

    @Test
    void anAnswerThatIsCutSaysSo() {
        var run = attuneReading("HI\n", "chat", model, "--max-new-tokens", "4");
        assertThat(run.err()).contains("cut after 4 tokens").contains("--max-new-tokens");
    }

    @Test
    void renderPrintsThePromptWithoutTheWeights() throws IOException {
        Path template = Files.createDirectories(folder.resolve("template"));
        Files.writeString(template.resolve("config.json"), "{\"model_type\": \"gpt2\"}");
        Files.writeString(template.resolve("chat_template.jinja"), TEMPLATE);
        var run = attuneReading("HI\nYO\n", "chat", template.toString(), "--render", "--system", "BE");
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).containsExactly("S:BE;U:HI;A:", "S:BE;U:YO;A:");
    }

    @Test
    void aModelWithoutChatTemplateSaysWhatToDo() throws IOException {
        Path plain = Files.createDirectories(folder.resolve("plain"));
        Files.writeString(plain.resolve("config.json"), "{\"model_type\": \"gpt2\"}");
        var run = attune("chat", plain.toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("has no chat template").contains("attune generate");
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void aTurnThatFailsEndsTheCommandInAPipeButNotOnATerminal() {
        String tooLong = "A".repeat(500);
        var piped = attuneReading(tooLong + "\nHI\n", "chat", model, "--max-new-tokens", "4");
        assertThat(piped.code()).isEqualTo(1);
        assertThat(piped.err()).contains("the model takes at most");
        assertThat(piped.out()).isEmpty();

        var out = new StringWriter();
        var err = new StringWriter();
        var in = new ByteArrayInputStream((tooLong + "\nHI\n").getBytes(StandardCharsets.UTF_8));
        var terminal = new Console(in, new PrintWriter(out), new PrintWriter(err), true);
        assertThat(Attune.run(terminal, "chat", model, "--max-new-tokens", "4")).isZero();
        assertThat(err.toString()).contains("the model takes at most").contains("/reset");
        assertThat(out.toString().strip()).isEqualTo(generated("U:HI;A:"));
    }

    @Test
    void optionsThatDoNotFitAreWrongUsage() {
        assertThat(attune("chat", model, "--top-p", "0.9").code()).isEqualTo(2);
    }

    private static List<String> chat(String input, String... options) {
        var arguments = new ArrayList<>(List.of("chat", model, "--max-new-tokens", "4"));
        arguments.addAll(List.of(options));
        var run = attuneReading(input, arguments.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
        return run.out().lines().toList();
    }

    private static String generated(String prompt) {
        return attune("generate", model, prompt, "--max-new-tokens", "4").out().strip();
    }
}
