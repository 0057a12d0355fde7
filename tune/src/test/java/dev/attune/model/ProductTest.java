package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProductTest {
    private static final int IN = 5;
    private static final int OUT = 7;

    private final PointerScope scope = new PointerScope();
    private final Tensor x = random(2, 1, IN);
    private final Tensor weight = random(OUT, IN);
    private final Tensor bias = random(OUT);

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void oneRowIsMultipliedAsItIsAmongOthers(boolean biased, boolean transposed) {
        Tensor w = transposed ? weight.t().contiguous().t() : weight;
        Tensor both = Product.of(x, w, biased ? bias : null);

        Tensor one = Product.of(x.narrow(0, 1, 1), w, biased ? bias : null);

        assertThat(one.sizes().vec().get()).containsExactly(1, 1, OUT);
        assertThat(torch.allclose(one, both.narrow(0, 1, 1))).isTrue();
        assertThat(torch.allclose(one, x.narrow(0, 0, 1).matmul(w.t()))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradientsOfOneRowAreThoseOfItAmongOthers(boolean alone) {
        Tensor w = weight.clone().requires_grad_(true);
        Tensor row = x.narrow(0, 0, 1).clone().requires_grad_(true);
        Tensor given = alone ? row : torch.cat(new TensorVector(row, torch.zeros_like(row)), 0);

        Product.of(given, w, null).sum().backward();

        assertThat(torch.allclose(row.grad().view(IN), weight.sum(0))).isTrue();
        assertThat(torch.allclose(w.grad(), x.narrow(0, 0, 1).view(1, IN).expand(OUT, IN)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void keepsBf16(int rows) {
        Tensor product = Product.of(x.narrow(0, 0, rows).to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16), null);

        assertThat(product.scalar_type().intern()).isEqualTo(ScalarType.BFloat16);
        assertThat(product.sizes().vec().get()).containsExactly(rows, 1, OUT);
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try") // the guard is there for what it does
    void anActivationIsThatOfTheProductInOneCallOrTwo(Activation activation) {
        Tensor apart = activation.apply(Product.of(x, weight, bias)); // with a gradient
        try (var noGrad = new NoGradGuard()) {
            Tensor together = Product.of(x, weight.t().contiguous().t(), bias, activation);

            assertThat(OneDnn.takes(x, weight)).isEqualTo(Loader.getPlatform().endsWith("-x86_64"));
            assertThat(together.sizes().vec().get()).containsExactly(2, 1, OUT);
            assertThat(torch.allclose(together, apart, 1e-4, 1e-5, false)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8, 9, 40})
    @SuppressWarnings("try") // the guard is there for what it does
    void rowsAreTheSameWhateverKernelTheirNumberCallsFor(int rows) {
        Tensor many = random(rows, IN);
        Tensor expected = many.matmul(weight.t()).add(bias);
        try (var noGrad = new NoGradGuard()) {
            assertThat(torch.allclose(Product.of(many, weight, bias), expected, 1e-4, 1e-5, false))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 511, 512, 600, 640})
    @SuppressWarnings("try") // the guard is there for what it does
    void anActivationAndItsProductAreTheSameForAnyNumberOfRows(int rows) {
        Tensor many = random(2, rows, IN);
        Tensor apart = Activation.GELU.apply(many.matmul(weight.t()).add(bias));
        try (var noGrad = new NoGradGuard()) {
            Tensor together = Product.of(many, weight, bias, Activation.GELU);

            assertThat(together.sizes().vec().get()).containsExactly(2, rows, OUT);
            assertThat(torch.allclose(together, apart, 1e-4, 1e-5, false)).isTrue();
        }
    }

    private static Tensor random(long... shape) {
        torch.manual_seed(shape.length);
        return torch.randn(shape);
    }
}
