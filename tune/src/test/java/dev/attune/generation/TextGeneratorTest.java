package dev.attune.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.TinyModels;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.files.InputException;
import dev.attune.model.Backbone;
import dev.attune.model.Families;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.model.ModelConfig;
import dev.attune.peft.AdapterConfig;
import dev.attune.peft.AdapterFolder;
import dev.attune.peft.LoraConfig;
import dev.attune.peft.PromptTuningConfig;
import dev.attune.peft.SoftPrompt;
import dev.attune.peft.TaskType;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Generation on tiny models: the same tokens as transformers', however the work is cut. */
class TextGeneratorTest {
    static final List<String> FAMILIES = GoldenGeneration.FAMILIES;
    private static final GenerationOptions GREEDY =
            GenerationOptions.greedy().withMaxNewTokens(GoldenGeneration.NEW_TOKENS);
    private static final int[] VIRTUAL = {5, 40, 22};

    @TempDir
    static Path folder;

    @ParameterizedTest
    @FieldSource("FAMILIES")
    void greedySearchGivesTransformersTokensForABatchOfUnequalPrompts(String family) {
        try (var generator = load(family)) {
            var prompts = GoldenGeneration.prompts();
            assertThat(ids(generator.generateFrom(prompts, GREEDY, GenerationListener.NONE)))
                    .isEqualTo(GoldenGeneration.greedy(family));
            var penalised = GREEDY.withRepetitionPenalty(GoldenGeneration.PENALTY);
            assertThat(ids(generator.generateFrom(prompts, penalised, GenerationListener.NONE)))
                    .isEqualTo(GoldenGeneration.penalised(family));
        }
    }

    @Test
    void theGoldenTextsDifferInLengthAndContent() {
        var texts = new HashSet<List<Integer>>();
        FAMILIES.forEach(family -> {
            texts.addAll(GoldenGeneration.greedy(family));
            texts.addAll(GoldenGeneration.penalised(family));
        });
        assertThat(texts).hasSizeGreaterThan(20);
        assertThat(texts).anyMatch(text -> text.size() < GoldenGeneration.NEW_TOKENS);
    }

    @ParameterizedTest
    @FieldSource("FAMILIES")
    void neitherBatchNorCacheChangesAText(String family) {
        try (var generator = load(family)) {
            for (var options : List.of(GREEDY, sampled(3))) {
                var together = generator.generateFrom(GoldenGeneration.prompts(), options, GenerationListener.NONE);
                var uncached = generator.generateFrom(
                        GoldenGeneration.prompts(), options.withCache(false), GenerationListener.NONE);
                assertThat(uncached).isEqualTo(together);
                var alone = generator.generateFrom(
                        GoldenGeneration.prompts().subList(0, 1), options, GenerationListener.NONE);
                assertThat(alone.get(0)).isEqualTo(together.get(0));
            }
            for (int i = 0; i < GoldenGeneration.prompts().size(); i++) {
                var alone = generator.generateFrom(
                        GoldenGeneration.prompts().subList(i, i + 1), GREEDY, GenerationListener.NONE);
                assertThat(alone.get(0).ids())
                        .isEqualTo(GoldenGeneration.greedy(family).get(i));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("FAMILIES")
    void whatStandsBeforeEveryPromptCountsWithAndWithoutTheCache(String family) {
        var prompts = GoldenGeneration.prompts();
        var whole = prompts.stream().map(prompt -> joined(VIRTUAL, prompt)).toList();
        try (var model = new Prompted(family)) {
            var base = ids(model.plain.generateFrom(prompts, GREEDY, GenerationListener.NONE));
            var expected = ids(model.plain.generateFrom(whole, GREEDY, GenerationListener.NONE));
            var soft = model.soft;

            assertThat(ids(soft.generateFrom(prompts, GREEDY, GenerationListener.NONE)))
                    .isEqualTo(expected)
                    .isNotEqualTo(base);
            assertThat(ids(soft.generateFrom(prompts, GREEDY.withCache(false), GenerationListener.NONE)))
                    .isEqualTo(expected);
        }
    }

    @Test
    void bf16GivesATextToo() {
        try (var generator =
                TextGenerator.load(TinyGenerators.write("llama", folder.resolve("bf16")), Dtype.BF16, Device.CPU)) {
            var prompts = GoldenGeneration.prompts();
            var cached = generator.generateFrom(prompts, GREEDY, GenerationListener.NONE);
            assertThat(ids(cached).get(0).get(0))
                    .isEqualTo(GoldenGeneration.greedy("llama").get(0).get(0));
            assertThat(cached).allMatch(generation -> !generation.ids().isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt", "lora"})
    void anAdapterThatDoesNotFitIsAnErrorThatLeavesNothingOpen(String method) {
        Path model = TinyGenerators.write("gpt2", folder.resolve("base"));
        Path adapter = writeNarrowAdapter(method, model);
        assertThatThrownBy(() -> TextGenerator.load(adapter))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("does not fit")
                .hasMessageContaining(method.equals("lora") ? "h.0.attn.c_attn.lora_A.weight" : "prompt_embeddings")
                .hasMessageContaining("16]");

        long before = Pointer.totalCount();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> TextGenerator.load(adapter)).isInstanceOf(InputException.class);
        }
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
    }

    /** For a model that is half as wide as the golden ones. */
    @SuppressWarnings("try") // the scope frees the tensor
    private static Path writeNarrowAdapter(String method, Path base) {
        Path adapter = folder.resolve("narrow-" + method);
        AdapterConfig config = method.equals("lora")
                ? new LoraConfig(
                        TaskType.CAUSAL_LM,
                        base.toString(),
                        null,
                        2,
                        4,
                        0,
                        false,
                        null,
                        null,
                        Map.of(),
                        Map.of(),
                        null,
                        null,
                        null,
                        true)
                : new PromptTuningConfig(
                        TaskType.CAUSAL_LM,
                        base.toString(),
                        null,
                        2,
                        16,
                        1,
                        4,
                        2,
                        PromptTuningConfig.Init.RANDOM,
                        null,
                        null,
                        null);
        try (var scope = new PointerScope()) {
            String name = "base_model.model.transformer.h.0.attn.c_attn.lora_A.weight";
            AdapterFolder.write(
                    adapter,
                    config,
                    Map.of(method.equals("lora") ? name : "prompt_embeddings", Tensors.of(new float[32], 2, 16)));
        }
        return adapter;
    }

    @Test
    void drawsTheSameForASeedAndOtherwiseForAnother() {
        try (var generator = load("gpt2")) {
            var prompts = GoldenGeneration.prompts();
            var once = generator.generateFrom(prompts, sampled(3), GenerationListener.NONE);
            assertThat(generator.generateFrom(prompts, sampled(3), GenerationListener.NONE))
                    .isEqualTo(once);
            assertThat(generator.generateFrom(prompts, sampled(4), GenerationListener.NONE))
                    .isNotEqualTo(once);
            var same = List.of(prompts.get(0), prompts.get(0));
            var twice = ids(generator.generateFrom(same, sampled(3), GenerationListener.NONE));
            assertThat(twice.get(0)).isNotEqualTo(twice.get(1));
        }
    }

    @Test
    void anyEndTokenOfGenerationConfigEndsAText() throws IOException {
        Path model = TinyGenerators.write("gpt2", folder.resolve("ends"));
        var expected = GoldenGeneration.greedy("gpt2").get(0);
        int end = expected.get(4);
        Files.writeString(model.resolve("generation_config.json"), "{\"eos_token_id\": [62, " + end + "]}");
        try (var generator = TextGenerator.load(model)) {
            var generation = generator
                    .generateFrom(GoldenGeneration.prompts().subList(0, 1), GREEDY, GenerationListener.NONE)
                    .get(0);
            assertThat(generation.finish()).isEqualTo(Generation.Finish.END);
            assertThat(generation.ids()).isEqualTo(expected.subList(0, expected.indexOf(end) + 1));
            assertThat(generation.text())
                    .isEqualTo(decoded(generator, generation.ids().subList(0, expected.indexOf(end))));
        }
    }

    @Test
    void aListGivesWhatItsPiecesGiveTogether() {
        try (var generator = load("llama")) {
            var prompts = List.of("HELLO", "A", "42,17");
            var pieces = new ArrayList<>(List.of("", "", ""));
            var generations = generator.generate(prompts, GREEDY, (prompt, piece) -> {
                assertThat(piece).isNotEmpty();
                pieces.set(prompt, pieces.get(prompt) + piece);
                return true;
            });
            assertThat(pieces)
                    .isEqualTo(generations.stream().map(Generation::text).toList());
            assertThat(generations.get(0).promptTokens())
                    .isEqualTo(generator.tokenizer().encodeWithoutSpecialTokens("HELLO").length);
        }
    }

    @Test
    void aTextEndsBeforeAStopString() {
        try (var generator = load("gpt2")) {
            String whole = generator.generate("HELLO", GREEDY).text();
            String stop = whole.substring(7, 10);
            String before = whole.substring(0, whole.indexOf(stop));
            var pieces = new StringBuilder();
            var stopped = generator
                    .generate(List.of("HELLO"), GREEDY.withStop("never~", stop), (prompt, piece) -> {
                        pieces.append(piece);
                        return true;
                    })
                    .get(0);
            assertThat(stopped.text()).isEqualTo(before).hasToString(pieces.toString());
            assertThat(stopped.finish()).isEqualTo(Generation.Finish.STOP);
            assertThat(stopped.ids()).hasSizeLessThan(GoldenGeneration.NEW_TOKENS);
        }
    }

    @Test
    void aSpecialTokenIsAStopStringThoughItHasNoText() throws IOException {
        Path model = TinyGenerators.write("gpt2", folder.resolve("special"));
        int third = GoldenGeneration.greedy("gpt2").get(0).get(2);
        Path tokenizer = model.resolve("tokenizer.json");
        String json = Files.readString(tokenizer);
        String token;
        try (var plain = TextGenerator.load(model)) {
            token = plain.tokenizer().tokens(new int[] {third}).get(0);
        }
        Files.writeString(
                tokenizer,
                json.replace(
                        "\"added_tokens\":[",
                        "\"added_tokens\":[{\"id\":" + third + ",\"content\":\"" + token
                                + "\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"
                                + "\"normalized\":false,\"special\":true},"));
        try (var generator = TextGenerator.load(model)) {
            var generation = generator
                    .generateFrom(
                            GoldenGeneration.prompts().subList(0, 1), GREEDY.withStop(token), GenerationListener.NONE)
                    .get(0);
            assertThat(generation.ids()).endsWith(third).hasSizeLessThanOrEqualTo(3);
            assertThat(generation.finish()).isEqualTo(Generation.Finish.END);
        }
    }

    @Test
    void aListenerEndsATextAndTheOthersGoOn() {
        try (var generator = load("gpt2")) {
            var prompts = GoldenGeneration.prompts();
            var generations = generator.generateFrom(prompts, GREEDY, (prompt, piece) -> prompt != 2);
            assertThat(generations.get(2).finish()).isEqualTo(Generation.Finish.CANCELLED);
            assertThat(generations.get(2).ids()).hasSize(1);
            for (int i : new int[] {0, 1, 3, 4}) {
                assertThat(generations.get(i).ids())
                        .isEqualTo(GoldenGeneration.greedy("gpt2").get(i));
            }
        }
    }

    @Test
    void maxLengthCountsThePromptToo() {
        try (var generator = load("llama")) {
            var prompt = List.of(new int[] {10, 11, 12, 13, 14});
            var generation = generator
                    .generateFrom(prompt, GenerationOptions.greedy().withMaxLength(8), GenerationListener.NONE)
                    .get(0);
            assertThat(generation.ids()).hasSize(3);
            assertThat(generation.finish()).isEqualTo(Generation.Finish.LENGTH);
            for (int tooSmall : new int[] {5, 2}) {
                var options = GenerationOptions.greedy().withMaxLength(tooSmall);
                assertThatThrownBy(() -> generator.generateFrom(prompt, options, GenerationListener.NONE))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("The prompt has 5 tokens and max-length is " + tooSmall)
                        .hasMessageContaining("max-new-tokens");
            }
        }
    }

    @Test
    void aTextEndsWhereTheModelsPositionsEnd() {
        try (var generator = load("gpt2")) {
            var long_ = IntStream.range(0, 30).map(i -> 10 + i).toArray();
            var options = GenerationOptions.greedy();
            var generation = generator
                    .generateFrom(List.of(long_), options, GenerationListener.NONE)
                    .get(0);
            assertThat(generation.ids()).hasSizeLessThanOrEqualTo(2);
            var full = IntStream.range(0, 32).map(i -> 10 + i).toArray();
            assertThatThrownBy(() -> generator.generateFrom(List.of(long_, full), options, GenerationListener.NONE))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("Prompt 2 has 32 tokens")
                    .hasMessageContaining("at most 32");
        }
    }

    @Test
    void virtualTokensTakePositionsToo() {
        try (var model = new Prompted("gpt2")) {
            var long_ = List.of(IntStream.range(0, 30).map(i -> 10 + i).toArray());
            assertThatThrownBy(() -> model.soft.generateFrom(long_, GREEDY, GenerationListener.NONE))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("3 virtual ones");
        }
    }

    @Test
    void whereAnEncoderReadsThePromptMaxLengthCountsTheTextWithItsStart() {
        try (var generator = load("t5")) {
            var prompt = List.of(new int[] {10, 11, 12, 13, 14});
            var generation = generator
                    .generateFrom(prompt, GenerationOptions.greedy().withMaxLength(4), GenerationListener.NONE)
                    .get(0);
            assertThat(generation.ids()).hasSize(3);
            assertThat(generation.promptTokens()).isEqualTo(5);
            var options = GenerationOptions.greedy().withMaxLength(1);
            assertThatThrownBy(() -> generator.generateFrom(prompt, options, GenerationListener.NONE))
                    .isInstanceOf(InputException.class)
                    .hasMessageContainingAll("max-length is 1", "max-new-tokens");
        }
    }

    @Test
    void tokensTheModelDoesNotKnowAreRefused() {
        try (var generator = load("gpt2")) {
            assertThatThrownBy(() -> generator.generate("hello", GREEDY))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("0 to 63");
        }
    }

    @Test
    void anEmptyPromptBeginsWithTheModelsFirstToken() {
        try (var generator = load("gpt2")) {
            var empty = generator.generate("", GREEDY);
            var begun = generator
                    .generateFrom(List.of(new int[] {0}), GREEDY, GenerationListener.NONE)
                    .get(0);
            assertThat(empty).isEqualTo(begun);
        }
    }

    @Test
    void modelsThatGiveNoTextAreRefused() {
        Path bert = TinyModels.write("bert", folder.resolve("bert"));
        assertThatThrownBy(() -> TextGenerator.load(bert))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("type bert do not generate text");
        Path classifier = TinyModels.write("gpt2", folder.resolve("classifier"));
        assertThatThrownBy(() -> TextGenerator.load(classifier))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is a classifier");
    }

    @Test
    void aBrokenGenerationConfigIsNamed() throws IOException {
        Path model = TinyGenerators.write("gpt2", folder.resolve("broken"));
        Path file = model.resolve("generation_config.json");
        for (String json : List.of("{", "{\"eos_token_id\": \"x\"}", "{\"eos_token_id\": [1, -2]}")) {
            Files.writeString(file, json);
            assertThatThrownBy(() -> TextGenerator.load(model))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(file.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "t5-gated"})
    void leavesNoTensorsBehind(String family) {
        try (var generator = load(family)) {
            var options = sampled(1).withRepetitionPenalty(1.2);
            generator.generateFrom(GoldenGeneration.prompts(), options, GenerationListener.NONE);
            long before = Pointer.totalCount();
            for (int i = 0; i < 5; i++) {
                generator.generateFrom(GoldenGeneration.prompts(), options, GenerationListener.NONE);
            }
            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
        }
    }

    private static TextGenerator load(String family) {
        return TextGenerator.load(TinyGenerators.write(family, folder.resolve(family)));
    }

    private static GenerationOptions sampled(long seed) {
        return GenerationOptions.sampling(1.3, 30, 0.95, seed).withMaxNewTokens(15);
    }

    private static List<List<Integer>> ids(List<Generation> generations) {
        return generations.stream().map(Generation::ids).toList();
    }

    private static String decoded(TextGenerator generator, List<Integer> ids) {
        return generator.tokenizer().decode(ids.stream().mapToInt(id -> id).toArray(), true);
    }

    /** A model alone, and behind the vectors of words. */
    private static final class Prompted implements AutoCloseable {
        private final Backbone backbone;
        private final Tokenizer tokenizer;
        private final SoftPrompt virtual;
        private final TextGenerator plain;
        private final TextGenerator soft;

        Prompted(String family) {
            Path model = TinyGenerators.write(family, folder.resolve(family));
            var options = LoadOptions.frozen(new Head.LanguageModel());
            backbone = Families.load(Checkpoint.open(model), ModelConfig.read(model), options)
                    .backbone();
            tokenizer = Tokenizer.load(model);
            // In front of an encoder the first half stands.
            int[] ids = backbone.encoder().isPresent() ? joined(VIRTUAL, VIRTUAL) : VIRTUAL;
            virtual = new SoftPrompt(
                    backbone.words(Tensors.of(new int[][] {ids})).squeeze(0).detach());
            plain = TextGenerator.over(backbone, tokenizer, null);
            soft = TextGenerator.over(backbone, tokenizer, virtual);
        }

        @Override
        public void close() {
            virtual.close();
            tokenizer.close();
            backbone.close();
        }
    }

    private static int[] joined(int[] a, int[] b) {
        return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }
}
