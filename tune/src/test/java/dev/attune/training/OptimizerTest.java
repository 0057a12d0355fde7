package dev.attune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.files.InputException;
import dev.attune.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerTest {
    private static final double RATE = 0.03;

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(Optimizer.Kind.ADAMW, 0.0, reference(OptimizerTest::adamW)),
                Arguments.of(Optimizer.Kind.ADAM, 0.0, reference(OptimizerTest::adam)),
                Arguments.of(Optimizer.Kind.SGD, 0.0, reference((p, decay) -> sgd(p, decay, 0))),
                Arguments.of(Optimizer.Kind.SGD, 0.9, reference((p, decay) -> sgd(p, decay, 0.9))));
    }

    /** Libtorch's own optimizer over one parameter. */
    @FunctionalInterface
    private interface Make {
        org.bytedeco.pytorch.Optimizer of(Tensor parameter, double decay);
    }

    private static Make reference(Make make) {
        return make;
    }

    @ParameterizedTest(name = "{0}, momentum {1}")
    @MethodSource("kinds")
    void takesTheStepsOfLibtorchsOwn(Optimizer.Kind kind, double momentum, Make reference) {
        var matrix = parameter(1, 3, 4);
        var bias = parameter(2, 5);
        var expectedMatrix = parameter(1, 3, 4);
        var expectedBias = parameter(2, 5);
        var optimizer = new Optimizer(named(matrix, bias), settings(kind, 0.1, momentum, false));
        var ofMatrix = reference.of(expectedMatrix, 0.1);
        var ofBias = reference.of(expectedBias, 0); // one dimension: no decay
        for (int step = 0; step < 10; step++) {
            loss(matrix, step).add(loss(bias, step)).backward();
            loss(expectedMatrix, step).add(loss(expectedBias, step)).backward();
            optimizer.step(RATE);
            optimizer.zeroGradients();
            ofMatrix.step();
            ofBias.step();
            ofMatrix.zero_grad();
            ofBias.zero_grad();
            assertThat(Tensors.toFloats(matrix)).containsExactly(Tensors.toFloats(expectedMatrix), within(1e-6f));
            assertThat(Tensors.toFloats(bias)).containsExactly(Tensors.toFloats(expectedBias), within(1e-6f));
        }
    }

    @Test
    void biasesDecayOnRequest() {
        var bias = parameter(2, 5);
        float[] before = Tensors.toFloats(bias);
        var optimizer = new Optimizer(Map.of("bias", bias), settings(Optimizer.Kind.SGD, 0.1, 0, true));
        bias.mul(Tensors.of(new float[5])).sum().backward(); // no gradient but the decay's
        optimizer.step(1);
        float[] after = Tensors.toFloats(bias);
        for (int i = 0; i < after.length; i++) {
            assertThat(after[i]).isCloseTo(before[i] * 0.9f, within(1e-6f));
        }
    }

    @Test
    void leavesParametersWithoutGradientAlone() {
        var used = parameter(1, 2, 2);
        var unused = parameter(2, 2, 2);
        float[] before = Tensors.toFloats(unused);
        var optimizer = new Optimizer(named(used, unused), settings(Optimizer.Kind.ADAMW, 0.5, 0, true));
        loss(used, 0).backward();
        optimizer.step(RATE);
        assertThat(Tensors.toFloats(unused)).isEqualTo(before);
        optimizer.zeroGradients();
        float[] stepped = Tensors.toFloats(used);
        optimizer.step(RATE); // no gradients at all
        assertThat(Tensors.toFloats(used)).isEqualTo(stepped);
    }

    @Test
    void clipsTheCommonNormAndTellsWhatItWas() {
        var a = parameter(1, 2);
        var b = parameter(2, 2);
        var optimizer = new Optimizer(named(a, b), settings(Optimizer.Kind.SGD, 0, 0, false));
        Runnable backward = () -> a.mul(Tensors.of(new float[] {2, 4}))
                .sum()
                .add(b.mul(Tensors.of(new float[] {4, 8})).sum())
                .backward(); // norm of the gradients: sqrt(4 + 16 + 16 + 64) = 10
        backward.run();
        assertThat(optimizer.clipGradients(0)).isCloseTo(10, within(1e-5));
        assertThat(Tensors.toFloats(b.grad())).containsExactly(new float[] {4, 8}, within(1e-5f));
        assertThat(optimizer.clipGradients(1)).isCloseTo(10, within(1e-5));
        assertThat(Tensors.toFloats(a.grad())).containsExactly(new float[] {0.2f, 0.4f}, within(1e-5f));
        assertThat(Tensors.toFloats(b.grad())).containsExactly(new float[] {0.4f, 0.8f}, within(1e-5f));
        assertThat(optimizer.clipGradients(5)).isCloseTo(1, within(1e-5));
        assertThat(Tensors.toFloats(b.grad())).containsExactly(new float[] {0.4f, 0.8f}, within(1e-5f));
    }

    @Test
    void settingsOutOfRangeNameTheOption() {
        assertThatThrownBy(() -> new Optimizer.Settings(Optimizer.Kind.ADAM, -1, 0.9, 0.999, 1e-8, 0, false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("weight-decay");
        assertThatThrownBy(() -> new Optimizer.Settings(Optimizer.Kind.ADAM, 0, 0.9, 1, 1e-8, 0, false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("adam-beta2");
    }

    private static Optimizer.Settings settings(Optimizer.Kind kind, double decay, double momentum, boolean all) {
        return new Optimizer.Settings(kind, decay, 0.9, 0.999, 1e-8, momentum, all);
    }

    private static Map<String, Tensor> named(Tensor first, Tensor second) {
        var parameters = new LinkedHashMap<String, Tensor>();
        parameters.put("first", first);
        parameters.put("second", second);
        return parameters;
    }

    private static Tensor parameter(long seed, long... shape) {
        var random = new Random(seed);
        int size = 1;
        for (long side : shape) {
            size *= (int) side;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensors.of(values, shape).requires_grad_(true);
    }

    /** Its gradient is another at each step. */
    private static Tensor loss(Tensor parameter, int step) {
        return parameter
                .sub(new org.bytedeco.pytorch.Scalar(0.3 * step))
                .pow(new org.bytedeco.pytorch.Scalar(2))
                .sum();
    }

    private static org.bytedeco.pytorch.Optimizer adamW(Tensor parameter, double decay) {
        var options = new AdamWOptions(RATE);
        options.weight_decay().put(decay);
        return new AdamW(new TensorVector(parameter), options);
    }

    private static org.bytedeco.pytorch.Optimizer adam(Tensor parameter, double decay) {
        var options = new AdamOptions(RATE);
        options.weight_decay().put(decay);
        return new Adam(new TensorVector(parameter), options);
    }

    private static org.bytedeco.pytorch.Optimizer sgd(Tensor parameter, double decay, double momentum) {
        var options = new SGDOptions(RATE);
        options.weight_decay().put(decay);
        options.momentum().put(momentum);
        return new SGD(new TensorVector(parameter), options);
    }
}
