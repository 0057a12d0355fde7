package dev.attune.cli;

import static dev.attune.cli.CommandRun.attune;
import static dev.attune.cli.CommandRun.attuneReading;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Run;
import dev.attune.recipe.RunListener;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** train, evaluate and classify, on one short run of the built-in model. */
class RunCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static Path data;
    private static Path run;
    private static CommandRun trained;

    @BeforeAll
    static void train() throws IOException {
        data = folder.resolve("messages.csv");
        try (InputStream in = QuickstartCommand.class.getResourceAsStream("quickstart/train.csv")) {
            Files.copy(Objects.requireNonNull(in), data);
        }
        run = folder.resolve("run");
        Path recipe = Files.writeString(
                folder.resolve("short.yaml"),
                "data: " + data + "\nunfreeze: head\nlimit: 120\nepochs: 7\nthreads: 1\n");
        trained = attune("train", recipe.toString(), "--epochs", "2", "--out", run.toString());
    }

    @Test
    void trainPrintsTheDataTheEpochsAndTheReport() {
        assertThat(trained.err()).isEmpty();
        assertThat(trained.code()).isZero();
        assertThat(trained.out())
                .containsPattern("train +84 +account_access ")
                .contains("No text stands in two parts.")
                .containsPattern("memory, estimated: [\\d,]+ MiB ")
                .containsPattern("epoch 1\\.000 .* validation loss \\d")
                .containsPattern("epoch 2\\.000 ")
                .containsPattern("accuracy +\\d\\.\\d+ +24")
                .containsPattern(
                        "TF-IDF and logistic regression on the same texts, in \\d+\\.\\d s: accuracy \\d\\.\\d{3} ")
                .containsPattern("differs from it by [-+]\\d\\.\\d{3} in accuracy ")
                .contains("The run is in " + run);
    }

    @Test
    void aRunIsComparedWithTheBaselineInItsFolder() throws IOException {
        var compared = attune("compare", run.toString(), run.resolve("baseline").toString(), "--json");
        assertThat(compared.code()).isZero();
        var json = JSON.readTree(compared.out());
        assertThat(json.get("results")).hasSize(2);
        assertThat(json.get("against_best").get(0).get("test").get("rows").asInt())
                .isEqualTo(24);
        for (var result : json.get("results")) {
            assertThat(result.get("cost").get("train_seconds").asDouble()).isPositive();
            assertThat(result.get("cost").get("bytes").asLong()).isPositive();
        }
    }

    @Test
    void flagsWinOverTheRecipe() {
        var recipe = Recipe.read(run.resolve("recipe.yaml")).toMap();
        assertThat(recipe)
                .containsEntry("epochs", 2)
                .containsEntry("limit", 120)
                .containsEntry("unfreeze", "head");
    }

    @Test
    void aDryRunTellsWhatWouldBeTrainedWithMemoryAndTimeAndWritesNothing() {
        Path out = folder.resolve("dry");
        var dry = attune("train", "--data", data.toString(), "--out", out.toString(), "--dry-run");
        assertThat(dry.code()).isZero();
        assertThat(dry.out())
                .containsPattern("trainable params: [\\d,]+ \\|\\| all params: [\\d,]+ ")
                .containsPattern("memory, estimated: [\\d,]+ MiB \\(weights \\d+ mapped, ")
                .containsPattern(
                        "time, estimated: .+ \\(opening .+; frozen trunk .+; 3 epochs of .+; evaluation .+; test .+;");
        assertThat(out).doesNotExist();
    }

    @Test
    void aDryRunIsOfASingleRun() {
        var dry = attune("train", "--data", data.toString(), "--folds", "3", "--dry-run");
        assertThat(dry.code()).isEqualTo(2);
        assertThat(dry.err()).contains("it takes no --folds");
    }

    @Test
    void aFolderThatHoldsARunIsNotOverwritten() {
        var again = attune("train", "--data", data.toString(), "--out", run.toString());
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains(run.toString()).contains("--out");
    }

    @Test
    void aRunThatIsDoneCannotBeResumed() {
        var again = attune("train", "--resume", run.toString());
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("is done");
    }

    @Test
    void aRunIsResumedWithTheOptionsItWasBegunWith() {
        var again = attune("train", "--resume", run.toString(), "--epochs", "3");
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("--resume");
    }

    @Test
    void anUnknownKeyOfARecipeNamesTheNearest() throws IOException {
        Path recipe = Files.writeString(folder.resolve("typo.yaml"), "data: x.csv\nlerning-rate: 0.1\n");
        var failed = attune("train", recipe.toString());
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("lerning-rate").contains("'learning-rate'");
        assertThat(failed.err().lines()).hasSize(1);
    }

    @Test
    void trainWithoutDataIsWrongUsage() {
        var failed = attune("train");
        assertThat(failed.code()).isEqualTo(2);
        assertThat(failed.err()).contains("--data").contains("See 'attune train --help'");
    }

    @Test
    void anInternalErrorShowsItsTraceWithVerboseOnly() throws IOException {
        Path broken = Files.createDirectories(folder.resolve("broken"));
        Files.writeString(broken.resolve("config.json"), "{");
        assertThat(attune("classify", broken.toString(), "x").err()).doesNotContain("\tat ");
        assertThat(attune("classify", broken.toString(), "x", "--verbose").err())
                .contains("\tat dev.attune.");
    }

    @Test
    void aRunOnPairsOfAFewTextsIsStoppedResumedEvaluatedAndAsked() throws IOException {
        Path few = folder.resolve("few");
        var recipe = Recipe.defaults()
                .with(Map.of(
                        "data",
                        data.toString(),
                        "limit",
                        36,
                        "split",
                        List.of(0.7, 0.0, 0.3),
                        "method",
                        "contrastive",
                        "unfreeze",
                        "last-block",
                        "num-iterations",
                        1,
                        "max-steps",
                        4,
                        "threads",
                        1));
        assertThat(Run.train(recipe, few, RunListener.NONE, () -> true).completed())
                .isFalse();

        var resumed = attune("train", "--resume", few.toString());
        assertThat(resumed.err()).isEmpty();
        assertThat(resumed.code()).isZero();
        assertThat(resumed.out()).contains("The run is in " + few);

        var evaluated =
                JSON.readTree(attune("evaluate", few.toString(), "--json").out());
        assertThat(evaluated.get("accuracy"))
                .isEqualTo(
                        JSON.readTree(few.resolve("evaluation.json").toFile()).get("accuracy"));
        assertThat(attune("classify", few.toString(), "where is my parcel?").out())
                .containsPattern("^where is my parcel\\?\t[a-z_]+\t[01]\\.\\d{4}\\R");
    }

    @Test
    void evaluateTestsOnTheRunsOwnTestPart() throws IOException {
        var evaluated = attune("evaluate", run.toString(), "--json");
        assertThat(evaluated.code()).isZero();
        var json = JSON.readTree(evaluated.out());
        var written = JSON.readTree(run.resolve("evaluation.json").toFile());
        assertThat(json.get("n").asInt()).isEqualTo(24);
        assertThat(json.get("accuracy")).isEqualTo(written.get("accuracy"));
        assertThat(json.get("confusion")).isEqualTo(written.get("confusion"));
    }

    @Test
    void evaluateTestsOnTheDataItIsGiven() {
        var evaluated = attune("evaluate", run.toString(), "--data", data.toString());
        assertThat(evaluated.code()).isZero();
        assertThat(evaluated.out()).containsPattern("accuracy +\\d\\.\\d+ +360").contains("95 % interval");
    }

    @Test
    void evaluateTellsWhatEightBitsCost() throws IOException {
        var compared = attune("evaluate", run.toString(), "--quantize", "int8");
        assertThat(compared.err()).isEmpty();
        assertThat(compared.code()).isZero();
        assertThat(compared.out())
                .containsPattern("weights +accuracy +95 % interval +f1_macro +size\\R")
                .containsPattern("float32 +\\d\\.\\d{3} .* 9\\d\\.\\d MB\\R")
                .containsPattern("int8 +\\d\\.\\d{3} .* 5\\d\\.\\d MB\\R")
                .containsPattern(
                        "With int8 accuracy changes by [-+]\\d\\.\\d{3}, macro F1 by [-+]\\d\\.\\d{3}; the label"
                                + " differs in \\d+ of 24 rows\\.");
        var json = JSON.readTree(attune("evaluate", run.toString(), "--quantize", "int8", "--json")
                .out());
        var own = JSON.readTree(attune("evaluate", run.toString(), "--json").out());
        assertThat(json.get("own")).isEqualTo(own);
        assertThat(json.get("dtype").asText()).isEqualTo("float32");
        assertThat(json.at("/int8/log_loss").asDouble())
                .isCloseTo(own.get("log_loss").asDouble(), within(0.05))
                .isNotEqualTo(own.get("log_loss").asDouble());
        assertThat(json.get("int8_weight_bytes").asLong())
                .isLessThan(json.get("own_weight_bytes").asLong() * 2 / 3);
        assertThat(json.get("differing").asInt()).isBetween(0, 6);
    }

    @Test
    void evaluateComparesOneThingAtATime() {
        var both = attune("evaluate", run.toString(), "--quantize", "int8", "--compare-generation");
        assertThat(both.code()).isEqualTo(2);
        assertThat(both.err()).contains("--quantize and --compare-generation");
    }

    @Test
    void classifyTakesEightBits() throws IOException {
        var full = JSON.readTree(attune("classify", run.toString(), "Reset my password", "--json")
                .out());
        var int8 = JSON.readTree(attune("classify", run.toString(), "Reset my password", "--json", "--quantize", "int8")
                .out());
        assertThat(int8.get("probability").asDouble())
                .isCloseTo(full.get("probability").asDouble(), within(0.05))
                .isNotEqualTo(full.get("probability").asDouble());
    }

    @Test
    void eightBitsAreNoDtype() {
        for (String command : List.of("classify", "generate")) {
            var refused = attune(command, run.toString(), "Hello", "--dtype", "int8");
            assertThat(refused.code()).as(command).isEqualTo(1);
            assertThat(refused.err()).contains("dtype is 'int8'").contains("attune classify, evaluate --quantize int8");
        }
        var trained = attune("train", "--data", data.toString(), "--dtype", "int8");
        assertThat(trained.code()).isEqualTo(2);
        assertThat(trained.err()).contains("no model is trained in");
    }

    @Test
    void evaluateRefusesALabelTheModelDoesNotKnow() throws IOException {
        Path other = Files.writeString(folder.resolve("other.csv"), "text,label\nhello,greeting\nbye,greeting\n");
        var evaluated = attune("evaluate", run.toString(), "--data", other.toString());
        assertThat(evaluated.code()).isEqualTo(1);
        assertThat(evaluated.err()).contains("'greeting' was not seen in training");
    }

    @Test
    void classifyPrintsTextLabelAndProbability() {
        var classified = attune("classify", run.toString(), "where is\nmy parcel?", "refund please");
        assertThat(classified.code()).isZero();
        assertThat(classified.out().lines()).hasSize(2);
        assertThat(classified.out()).containsPattern("^where is my parcel\\?\t[a-z_]+\t0\\.\\d{4}\\R");
    }

    @Test
    void classifyAsJsonPrintsAnObjectForEachLineOfStandardInput() throws IOException {
        var classified = attuneReading(
                "I want my money back 🙂\n\nlast line without an end", "classify", run.toString(), "--json");
        assertThat(classified.code()).isZero();
        var lines = classified.out().lines().toList();
        assertThat(lines).hasSize(3);
        var first = JSON.readTree(lines.get(0));
        assertThat(first.get("text").asText()).isEqualTo("I want my money back 🙂");
        assertThat(first.get("probabilities")).hasSize(6);
        double sum = 0;
        for (var p : first.get("probabilities")) {
            sum += p.asDouble();
        }
        assertThat(sum).isCloseTo(1, within(1e-6));
        String label = first.get("label").asText();
        assertThat(first.at("/probabilities/" + label)).isEqualTo(first.get("probability"));
    }

    @Test
    void classifyReadsATableAndKeepsItsRows() throws IOException {
        Path table = Files.writeString(folder.resolve("new.csv"), "subject,body\nHi,where is it\nTwo,\"a\nb\"\n,\n");
        var classified = attune(
                "classify", run.toString(), "--data", table.toString(), "--text-column", "subject,body", "--json");
        assertThat(classified.err()).isEmpty();
        var lines = classified.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(JSON.readTree(lines.get(1)).get("text").asText()).isEqualTo("Two a\nb");
    }

    @Test
    @Timeout(60)
    void classifyAnswersALineBeforeTheNextIsWritten() throws Exception {
        var in = new PipedInputStream();
        var typed = new PipedOutputStream(in);
        var out = new PipedReader();
        var printed = new PrintWriter(new PipedWriter(out));
        var console = new Console(in, printed, new PrintWriter(new StringWriter()), false);
        var code = CompletableFuture.supplyAsync(() -> {
            try (printed) {
                return Attune.run(console, "classify", run.toString());
            }
        });
        try (var answers = new BufferedReader(out)) {
            try (typed) {
                for (String text : new String[] {"first", "second"}) {
                    typed.write((text + "\n").getBytes(StandardCharsets.UTF_8));
                    typed.flush();
                    assertThat(answers.readLine()).startsWith(text + "\t");
                }
            }
            assertThat(code.get()).isZero();
            assertThat(answers.readLine()).isNull();
        }
    }

    @Test
    void classifyEndsQuietlyWhenNobodyReadsOn() {
        var in = new ByteArrayInputStream("the same again\n".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        var closed = new Writer() {
            @Override
            public void write(char[] buffer, int offset, int length) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        var err = new StringWriter();
        var console = new Console(in, new PrintWriter(closed), new PrintWriter(err), false);
        assertThat(Attune.run(console, "classify", run.toString())).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(in.available()).isPositive();
    }
}
