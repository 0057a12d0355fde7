package dev.attune.peft;

import static dev.attune.model.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.model.Attention;
import dev.attune.model.Backbone;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** LoRA adapters that peft made, on every family, with a head and as a language model, in fp32. */
class GoldenLoraTest {
    private static final double TOLERANCE = 1e-5;

    private final PointerScope scope = new PointerScope();

    @TempDir
    Path folder;

    @AfterEach
    void closeScope() {
        scope.close();
    }

    static List<Arguments> adapters() {
        var adapters = new ArrayList<Arguments>();
        for (String kind : List.of("classifier", "causal")) {
            Golden.families("lora-" + kind).forEach(family -> adapters.add(Arguments.of(family, kind)));
        }
        return adapters;
    }

    /** One adapter on its base model. */
    private record Adapted(Golden base, Golden expected, Backbone backbone, Lora lora) implements AutoCloseable {
        static Adapted of(String family, String kind, boolean trained) {
            var base = Golden.open(family, kind);
            var expected = Golden.open(family, "lora-" + kind);
            Head head = kind.equals("causal") ? new Head.LanguageModel() : new Head.Labels(3, false);
            var backbone = base.load(LoadOptions.frozen(head)).backbone();
            try (var adapter = AdapterFolder.open(expected.folder())) {
                return new Adapted(base, expected, backbone, Lora.load(backbone, adapter, trained));
            }
        }

        boolean causal() {
            return !base.expected().contains("labels");
        }

        /** (B, labels), or (sum of lengths, V) */
        Tensor logits() {
            var attention = Attention.of(base.lengths());
            return causal()
                    ? backbone.lmHead(base.tokens(Golden.hidden(backbone, base.ids(), attention)))
                    : Golden.logits(backbone, base.ids(), attention);
        }

        Tensor loss(Tensor logits) {
            return causal()
                    ? base.nextTokenLoss(logits)
                    : torch.cross_entropy_loss(logits, base.expected().tensor("labels"));
        }

        Tensor expectedLogits(Golden of) {
            Tensor logits = of.expected().tensor("logits");
            return causal() ? base.tokens(logits) : logits;
        }

        @Override
        public void close() {
            lora.close();
            backbone.close();
        }
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void givesPeftsLogitsLossAndGradients(String family, String kind) {
        try (var adapted = Adapted.of(family, kind, true)) {
            adapted.lora().attach();
            Tensor logits = adapted.logits();
            Tensor loss = adapted.loss(logits);
            loss.backward();
            assertClose("logits", logits, adapted.expectedLogits(adapted.expected()), TOLERANCE);
            assertClose("loss", loss, adapted.expected().expected().tensor("loss"), TOLERANCE);
            assertThat(adapted.lora().parameters().keySet())
                    .isEqualTo(adapted.expected().named("grad."));
            adapted.lora()
                    .parameters()
                    .forEach((name, parameter) -> assertClose(
                            name,
                            parameter.grad(),
                            adapted.expected().expected().tensor("grad." + name),
                            TOLERANCE));
        }
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void hasPeftsAdapterAfterTenSteps(String family, String kind) {
        try (var adapted = Adapted.of(family, kind, true)) {
            adapted.lora().attach();
            Golden.train(adapted.lora().parameters().values(), () -> adapted.loss(adapted.logits()));
            adapted.lora()
                    .parameters()
                    .forEach((name, parameter) -> assertClose(
                            name, parameter, adapted.expected().expected().tensor("after." + name), TOLERANCE));
        }
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void mergesAndGivesTheBaseModelBack(String family, String kind) {
        try (var adapted = Adapted.of(family, kind, false)) {
            Tensor before = adapted.logits();
            assertClose("base", before, adapted.expectedLogits(adapted.base()), TOLERANCE);

            adapted.lora().merge();
            assertClose("merged", adapted.logits(), adapted.expectedLogits(adapted.expected()), TOLERANCE);
            adapted.lora().unmerge();
            assertClose("unmerged", adapted.logits(), adapted.expectedLogits(adapted.expected()), TOLERANCE);
            adapted.lora().detach();
            assertClose("detached", adapted.logits(), before, 0);
        }
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void savesThePeftFilesThatItRead(String family, String kind) throws IOException {
        try (var adapted = Adapted.of(family, kind, false)) {
            adapted.lora().attach();
            adapted.lora().save(folder);

            Path source = adapted.expected().folder();
            assertThat(config(folder)).isEqualTo(config(source));
            try (var saved = Checkpoint.ofFile(folder.resolve(Checkpoint.ADAPTER_WEIGHTS));
                    var read = Checkpoint.ofFile(source.resolve(Checkpoint.ADAPTER_WEIGHTS))) {
                assertThat(saved.names()).isEqualTo(read.names());
                saved.names().forEach(name -> {
                    assertThat(saved.dtype(name)).isEqualTo(read.dtype(name));
                    assertClose(name, saved.tensor(name), read.tensor(name), 0);
                });
            }
        }
    }

    /** Peft writes its sets of names in no order. */
    private static JsonNode config(Path folder) throws IOException {
        JsonNode config = new JsonMapper()
                .readTree(folder.resolve(Checkpoint.ADAPTER_CONFIG).toFile());
        if (config.path("target_modules").isArray()) {
            Set<String> names = new TreeSet<>();
            config.path("target_modules").forEach(name -> names.add(name.asText()));
            ((com.fasterxml.jackson.databind.node.ObjectNode) config)
                    .set("target_modules", new JsonMapper().valueToTree(names));
        }
        return config;
    }
}
