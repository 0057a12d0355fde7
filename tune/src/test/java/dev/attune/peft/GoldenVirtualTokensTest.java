package dev.attune.peft;

import static dev.attune.model.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.classifier.LabelBatch;
import dev.attune.model.Attention;
import dev.attune.model.Backbone;
import dev.attune.model.Blocks;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Virtual tokens of every method and causal family against peft, in fp32. */
class GoldenVirtualTokensTest {
    private static final double TOLERANCE = 1e-4;
    private static final Map<String, List<String>> VARIANTS = Map.of(
            "prompt", List.of("soft"), "p-tuning", List.of("mlp", "lstm"), "prefix", List.of("plain", "projected"));

    private final PointerScope scope = new PointerScope();

    @TempDir
    Path folder = Path.of("");

    @AfterEach
    void closeScope() {
        scope.close();
    }

    static Stream<Arguments> variants() {
        return VARIANTS.entrySet().stream()
                .flatMap(method -> Golden.families(method.getKey()).stream()
                        .flatMap(family -> method.getValue().stream()
                                .map(variant -> Arguments.of(family, method.getKey(), variant))));
    }

    /** The first of each method, which the adapter is of. */
    static Stream<Arguments> saved() {
        var first = VARIANTS.values().stream().map(names -> names.get(0)).toList();
        return variants().filter(arguments -> first.contains(arguments.get()[2]));
    }

    /** Padded on the right, positions follow each other; padded on the left, peft counts them over the padding. */
    @ParameterizedTest
    @MethodSource("variants")
    void givesPeftsLossAndGradients(String family, String method, String variant) {
        var golden = Golden.open(family, method);
        var backbone = load(family);
        for (String side : List.of("right", "left")) {
            var tokens = tokens(variant, golden.expected());
            var batch = batch(golden);
            Integer paddedTo = side.equals("left") ? 11 : null;

            var attention = batch.attention(tokens.past(backbone), paddedTo);
            Tensor x = backbone.embed(Tensors.padded(batch.inputs()), attention.positions());
            Tensor logits = batch.logits(backbone, Blocks.run(backbone, x, attention));
            Tensor targets =
                    Tensors.of(batch.targets().stream().mapToInt(token -> token).toArray());
            Tensor loss = torch.cross_entropy_loss(logits, targets);
            loss.backward();

            String at = variant + "." + side + ".";
            assertClose("logits", logits, golden.expected().tensor(at + "logits"), TOLERANCE);
            assertClose("loss", loss, golden.expected().tensor(at + "loss"), TOLERANCE);
            tokens.parameters().forEach((name, parameter) -> {
                String peft = at + "grad." + (variant.equals("soft") ? "embedding.weight" : name);
                assertClose(peft, parameter.grad(), golden.expected().tensor(peft), TOLERANCE);
            });
        }
        backbone.close();
    }

    /** The soft prompt is in the cache and counts from the first new token to the last. */
    @ParameterizedTest
    @MethodSource("variants")
    void goesOnWithPeftsGreedyTokens(String family, String method, String variant) {
        var golden = Golden.open(family, method);
        var backbone = load(family);
        var tokens = tokens(variant, golden.expected());
        int[] lengths = golden.lengths();
        for (int b = 0; b < lengths.length; b++) {
            int[] ids = Arrays.copyOf(Tensors.toInts(golden.ids().select(0, b)), lengths[b]);
            int[] expected = Tensors.toInts(
                    golden.expected().tensor(variant + ".generated").select(0, b));

            var attention =
                    Attention.of(ids.length).after(tokens.past(backbone)).keeping();
            var generated = new ArrayList<Integer>();
            for (int step = 0; step < expected.length; step++) {
                int[] row = step == 0 ? ids : new int[] {generated.get(step - 1)};
                Tensor x = backbone.embed(Tensors.of(new int[][] {row}), attention.positions());
                x = backbone.norm(Blocks.run(backbone, x, attention));
                generated.add(
                        Tensors.toInts(
                                backbone.lmHead(x.select(1, row.length - 1L)).argmax())[0]);
                attention = Attention.of(1).after(attention.past()).keeping();
            }

            assertThat(generated)
                    .containsExactly(Arrays.stream(expected).boxed().toArray(Integer[]::new));
        }
        backbone.close();
    }

    /** Peft saves what the networks make, not the networks. */
    @ParameterizedTest
    @MethodSource("saved")
    void savesWhatPeftSaves(String family, String method, String variant) {
        var golden = Golden.open(family, method);
        Path file = golden.folder().resolve("adapter_model.safetensors");
        Tensor expected = Checkpoint.ofFile(file).tensor("prompt_embeddings");

        var saved = tokens(variant, golden.expected()).saved();

        assertThat(saved.keySet()).containsExactly("prompt_embeddings");
        assertClose("saved", saved.values().iterator().next(), expected, 1e-6);
    }

    @ParameterizedTest
    @MethodSource("saved")
    void readsPeftsAdapterAndWritesItsConfigurationBack(String family, String method, String variant)
            throws IOException {
        var golden = Golden.open(family, method);
        var backbone = load(family);
        try (var adapter = AdapterFolder.open(golden.folder())) {
            var past = VirtualTokens.load(backbone, adapter).past(backbone);
            var expected = tokens(variant, golden.expected()).past(backbone);
            for (int i = 0; i < backbone.depth(); i++) {
                assertClose(
                        "keys",
                        past.blocks().get(i).keys(),
                        expected.blocks().get(i).keys(),
                        1e-6);
                assertClose(
                        "values",
                        past.blocks().get(i).values(),
                        expected.blocks().get(i).values(),
                        1e-6);
            }
            adapter.config().write(folder);
        }
        backbone.close();
        assertThat(fields(folder)).isEqualTo(fields(golden.folder()));
    }

    private static Map<String, Object> fields(Path folder) throws IOException {
        Map<String, Object> fields =
                new JsonMapper().readValue(folder.resolve("adapter_config.json").toFile(), new TypeReference<>() {});
        fields.replaceAll((name, value) -> value instanceof Number number ? number.doubleValue() : value);
        return fields;
    }

    private static Backbone load(String family) {
        return Golden.causal(family)
                .load(LoadOptions.frozen(new Head.LanguageModel()))
                .backbone();
    }

    private static LabelBatch batch(Golden golden) {
        int[] lengths = golden.lengths();
        int[] scored = Tensors.toInts(golden.expected().tensor("scored"));
        List<int[]> all = IntStream.range(0, lengths.length)
                .mapToObj(b -> Arrays.copyOf(Tensors.toInts(golden.ids().select(0, b)), lengths[b]))
                .toList();
        return LabelBatch.of(
                IntStream.range(0, lengths.length)
                        .mapToObj(b -> Arrays.copyOf(all.get(b), lengths[b] - scored[b]))
                        .toList(),
                IntStream.range(0, lengths.length)
                        .mapToObj(b -> Arrays.copyOfRange(all.get(b), lengths[b] - scored[b], lengths[b]))
                        .toList());
    }

    static VirtualTokens tokens(String variant, Checkpoint expected) {
        String start = variant + ".parameter.";
        var parameters = new LinkedHashMap<String, Tensor>();
        expected.names().stream()
                .filter(name -> name.startsWith(start))
                .sorted()
                .forEach(name -> parameters.put(
                        name.substring(start.length()),
                        expected.tensor(name).clone().requires_grad_(true)));
        return switch (variant) {
            case "soft" -> new SoftPrompt(parameters.values().iterator().next());
            case "mlp" -> new PromptEncoder(0, parameters);
            case "lstm" -> new PromptEncoder(2, inLstmOrder(parameters));
            default -> new Prefix(parameters);
        };
    }

    /** Layer by layer, each forward and backward: weights, then biases, those of the input first. */
    private static Map<String, Tensor> inLstmOrder(Map<String, Tensor> parameters) {
        var ordered = new LinkedHashMap<String, Tensor>();
        for (String end : List.of("_l0", "_l0_reverse", "_l1", "_l1_reverse")) {
            for (String kind : List.of("weight_ih", "weight_hh", "bias_ih", "bias_hh")) {
                String name = "lstm_head." + kind + end;
                ordered.put(name, parameters.get(name));
            }
        }
        parameters.forEach(ordered::putIfAbsent);
        return ordered;
    }
}
