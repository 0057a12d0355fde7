package dev.attune.model;

import static dev.attune.model.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.ProvidedFolders;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.checkpoint.CheckpointWriter;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real weights, and weights saved here, give in transformers what they give here. */
@Tag("interop")
class TransformersModelTest {
    private static final int[] LENGTHS = {12, 40, 1, 27};

    private final PointerScope scope = new PointerScope();

    @TempDir
    Path folder;

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"minilm", "gpt2-shape", "smollm2-135m-instruct"})
    void givesTheStatesOfRealWeights(String model) throws IOException, InterruptedException {
        Path weights = ProvidedFolders.model(model);
        int[][] ids = ids();
        Checkpoint expected = ask("AutoModel", weights, ids, LENGTHS, "last_hidden_state");

        var loaded =
                Families.load(Checkpoint.open(weights), ModelConfig.read(weights), LoadOptions.frozen(new Head.None()));
        Tensor states = Golden.hidden(loaded.backbone(), Tensors.of(ids), Attention.of(LENGTHS));

        assertThat(loaded.report()).isEqualTo(new LoadReport(List.of(), List.of()));
        for (int b = 0; b < LENGTHS.length; b++) {
            assertClose(
                    "member " + b,
                    states.select(0, b).narrow(0, 0, LENGTHS[b]),
                    expected.tensor("output").select(0, b).narrow(0, 0, LENGTHS[b]),
                    1e-3);
        }
        loaded.backbone().close();
    }

    @Test
    void givesTheNextTokenScoresOfSmolLm2() throws IOException, InterruptedException {
        Path weights = ProvidedFolders.model("smollm2-135m-instruct");
        int[][] ids = ids();
        Checkpoint expected = ask("AutoModelForCausalLM", weights, ids, LENGTHS, "logits");

        var backbone = Families.load(
                        Checkpoint.open(weights),
                        ModelConfig.read(weights),
                        LoadOptions.frozen(new Head.LanguageModel()))
                .backbone();
        var attention = Attention.of(LENGTHS);
        Tensor read = attention.reading(attention.lastRows()).read(Golden.hidden(backbone, Tensors.of(ids), attention));
        Tensor logits = backbone.lmHead(read.select(1, 0)); // (B, V)

        Tensor all = expected.tensor("output");
        for (int b = 0; b < LENGTHS.length; b++) {
            assertClose("member " + b, logits.select(0, b), all.select(0, b).select(0, LENGTHS[b] - 1), 1e-3);
        }
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#classifiers")
    void savesWhatTransformersLoadsAsAClassifier(String family) throws IOException, InterruptedException {
        var golden = Golden.classifier(family);
        var backbone =
                golden.load(LoadOptions.trained(new Head.Labels(3, true), 5)).backbone();
        CheckpointWriter.write(folder, backbone.state());
        Files.copy(golden.folder().resolve("config.json"), folder.resolve("config.json"));
        int[] lengths = golden.lengths();

        Checkpoint expected = ask("AutoModelForSequenceClassification", folder, padded(golden), lengths, "logits");

        Tensor logits = Golden.logits(backbone, golden.ids(), Attention.of(lengths));
        assertClose("logits", logits, expected.tensor("output"), 1e-5);
        backbone.close();
    }

    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#conditionals")
    void savesWhatTransformersLoadsAsAnEncoderDecoder(String family) throws IOException, InterruptedException {
        var golden = Golden.conditional(family);
        var backbone =
                golden.load(LoadOptions.trained(new Head.LanguageModel(), 0)).backbone();
        backbone.state().values().forEach(parameter -> parameter.detach().mul_(new Scalar(1.1)));
        CheckpointWriter.write(folder, backbone.state());
        Files.copy(golden.folder().resolve("config.json"), folder.resolve("config.json"));
        int[] lengths = golden.lengths();

        Checkpoint expected = ask("T5ForConditionalGeneration", folder, padded(golden), lengths, "logits");

        var text = Attention.of(lengths);
        var encoder = backbone.encoder().orElseThrow();
        Past memory = encoder.memory(Golden.encoded(encoder, golden.ids(), text), text);
        Tensor said =
                Golden.hidden(backbone, golden.ids(), Attention.of(lengths).attending(memory));
        assertClose("logits", backbone.lmHead(golden.tokens(said)), golden.tokens(expected.tensor("output")), 1e-5);
        backbone.close();
    }

    /** The golden ids as transformers' classifiers want them: with the pad id behind each length. */
    private static int[][] padded(Golden golden) {
        int[] lengths = golden.lengths();
        int[][] ids = new int[lengths.length][];
        for (int b = 0; b < lengths.length; b++) {
            ids[b] = Tensors.toInts(golden.ids().select(0, b));
            Arrays.fill(ids[b], lengths[b], ids[b].length, 63);
        }
        return ids;
    }

    /** What a class of transformers computes for a batch padded on the right, which a decoder is given as well; the tensor is named "output". */
    private Checkpoint ask(String type, Path model, int[][] ids, int[] lengths, String output)
            throws IOException, InterruptedException {
        String script = """
                import sys, json, torch, transformers
                from safetensors.torch import save_file
                type, model, output, batch, out = sys.argv[1:]
                ids, lengths = (torch.tensor(x) for x in json.loads(batch))
                mask = (torch.arange(ids.size(1))[None] < lengths[:, None]).long()
                model = getattr(transformers, type).from_pretrained(model, dtype=torch.float32).eval()
                said = {"decoder_input_ids": ids} if model.config.is_encoder_decoder else {}
                with torch.no_grad():
                    result = model(input_ids=ids, attention_mask=mask, **said)[output]
                save_file({"output": result.contiguous()}, out)
                """;
        Path file = folder.resolve("output.safetensors");
        Path errors = folder.resolve("python.err");
        String batch = "[" + Arrays.deepToString(ids) + "," + Arrays.toString(lengths) + "]";
        int status = new ProcessBuilder(
                        ProvidedFolders.python().toString(),
                        "-c",
                        script,
                        type,
                        model.toString(),
                        output,
                        batch,
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(errors.toFile())
                .start()
                .waitFor();
        assertThat(status).as(() -> read(errors)).isZero();
        return Checkpoint.ofFile(file);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[][] ids() {
        var random = new Random(11);
        int[][] ids = new int[LENGTHS.length][40];
        for (int[] row : ids) {
            for (int t = 0; t < row.length; t++) {
                row[t] = 1000 + random.nextInt(20_000);
            }
        }
        return ids;
    }
}
