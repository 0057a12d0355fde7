package dev.attune.model;

import static dev.attune.model.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.InputException;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Int8WeightTest {
    private static final int OUT = 64;
    private static final int IN = 48;
    private static final Head.Labels HEAD = new Head.Labels(3, false);

    private final PointerScope scope = new PointerScope();

    @AfterEach
    void closeScope() {
        scope.close();
    }

    /** Outputs of very different size, one of them nothing but zeros. (OUT, IN) */
    private static Tensor weight() {
        torch.manual_seed(8);
        Tensor sizes = Tensors.of(new float[OUT], OUT, 1);
        for (int i = 1; i < OUT; i++) {
            sizes.select(0, i).fill_(new Scalar(Math.pow(10, i % 7 - 4)));
        }
        return torch.randn(OUT, IN).mul(sizes);
    }

    @ParameterizedTest
    @CsvSource({"F32, 0", "F32, 1", "BF16, 0", "BF16, 1"})
    void noWeightIsOffByMoreThanHalfOfItsOutputsScale(Dtype dtype, int outputs) {
        Tensor weight = outputs == 0 ? weight() : weight().t();

        var int8 = Int8Weight.of(weight, outputs, dtype.scalarType(), Device.CPU);

        assertThat(Dtype.of(int8.values())).isEqualTo(Dtype.I8);
        assertThat(int8.values().shape()).isEqualTo(weight.shape());
        assertThat(Dtype.of(int8.scales())).isEqualTo(dtype);
        assertThat(int8.scales().shape()).containsExactly(OUT);
        Tensor off = dequantized(int8, outputs).sub(weight).abs(); // as weight
        float[] largest = Tensors.toFloats(off.amax(new long[] {1 - outputs}, false));
        float[] scales = Tensors.toFloats(int8.scales());
        float[] sizes = Tensors.toFloats(weight.abs().amax(new long[] {1 - outputs}, false));
        for (int i = 0; i < OUT; i++) {
            assertThat(largest[i]).as("output %d", i).isLessThanOrEqualTo(0.501f * scales[i]);
            assertThat(scales[i]).as("output %d", i).isBetween(sizes[i] / 127.5f, Math.max(sizes[i] / 126.5f, 1e-37f));
        }
        assertThat(largest[0]).as("of zeros").isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, true, F32", "1, false, F32", "5, true, F32", "5, false, F32", "1, true, BF16", "5, true, BF16"})
    void multipliesByWhatItStandsFor(int rows, boolean biased, Dtype dtype) {
        Tensor x = torch.randn(2, rows, IN).to(dtype.scalarType());
        Tensor bias = biased ? torch.randn(OUT).to(dtype.scalarType()) : null;
        var int8 = Int8Weight.of(weight(), 0, dtype.scalarType(), Device.CPU);

        Tensor product = Int8Weight.product(x, int8.values(), int8.scales(), bias);

        Tensor expected = Product.of(
                x.to(ScalarType.Float), dequantized(int8, 0), bias == null ? null : bias.to(ScalarType.Float));
        assertThat(Dtype.of(product)).isEqualTo(dtype);
        assertThat(product.shape()).containsExactly(2, rows, OUT);
        assertClose("product", product, expected, dtype == Dtype.F32 ? 1e-4 : 0.02);
    }

    /** Of every family, with the matrices that the int8 ones stand for put into a model in fp32. */
    @ParameterizedTest
    @MethodSource("dev.attune.model.Golden#classifiers")
    void aModelIsTheOneWithItsBlocksMatricesRounded(String family) {
        var golden = Golden.classifier(family);
        var options = LoadOptions.frozen(HEAD);
        try (var quantized =
                        golden.load(options.withQuantization(Quantization.INT8)).backbone();
                var rounded = golden.load(options).backbone()) {
            Tensor full = logits(golden, rounded);
            int matrices = 0;
            for (var entry : quantized.layers().entrySet()) {
                String path = entry.getKey();
                var layer = entry.getValue();
                boolean inBlock = quantized.part(path + ".weight").kind() == Part.Kind.BLOCK;
                assertThat(Dtype.of(layer.weight()) == Dtype.I8).as(path).isEqualTo(inBlock);
                if (inBlock) {
                    var int8 = new Int8Weight(
                            layer.weight(),
                            Objects.requireNonNull(quantized.state().get(path + ".weight_scale")));
                    Objects.requireNonNull(rounded.layers().get(path))
                            .weight()
                            .copy_(dequantized(int8, layer.transposed() ? 1 : 0));
                    matrices++;
                }
            }
            assertThat(quantized.state().values().stream().filter(w -> Dtype.of(w) == Dtype.I8))
                    .hasSize(matrices);

            Tensor logits = logits(golden, quantized);

            assertClose("rounded", logits, logits(golden, rounded), 1e-5);
            assertClose("full", logits, full, 0.05);
            assertThat(torch.allclose(logits, full)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Dtype.class,
            names = {"F32", "BF16"})
    void anEncoderDecoderIsQuantizedOnBothSides(Dtype dtype) {
        var options = LoadOptions.frozen(new Head.LanguageModel()).withFrozen(dtype);
        try (var t5 = Golden.conditional("t5")
                .load(options.withQuantization(Quantization.INT8))
                .backbone()) {
            t5.state().forEach((name, weight) -> {
                boolean matrix = t5.layers().containsKey(name.replaceFirst("\\.weight$", ""));
                assertThat(Dtype.of(weight)).as(name).isEqualTo(matrix ? Dtype.I8 : dtype);
            });
            assertThat(t5.frozenDtype()).isEqualTo(dtype);
        }
    }

    @Test
    void isNotForTraining() {
        var golden = Golden.classifier("bert");
        assertThatThrownBy(() -> golden.load(LoadOptions.trained(HEAD, 0).withQuantization(Quantization.INT8)))
                .isInstanceOf(InputException.class)
                .hasMessage("The weights of block 0 cannot be trained in int8, which is for classification.");
        assertThatThrownBy(() -> LoadOptions.frozen(HEAD).withFrozen(Dtype.I8))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Quantization.INT8");
    }

    private static Tensor logits(Golden golden, Backbone backbone) {
        return Golden.logits(backbone, golden.ids(), Attention.of(golden.lengths()));
    }

    /** In fp32. */
    private static Tensor dequantized(Int8Weight int8, int outputs) {
        Tensor scales = int8.scales().to(ScalarType.Float); // (out)
        return int8.values().to(ScalarType.Float).mul(outputs == 0 ? scales.unsqueeze(1) : scales);
    }
}
