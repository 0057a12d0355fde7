package dev.attune.model;

import dev.attune.torch.Device;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Products of oneDNN that need no gradient, with an activation applied to each result before it is rounded and written: what PyTorch's
 * compiler makes of a linear layer and its activation. The presets do not map the operator, so it is called by name.
 */
final class OneDnn {
    private static final String OPERATOR = "mkldnn::_linear_pointwise";
    /** Elsewhere the operator is built for other kernels, which nobody has measured. */
    private static final boolean BUILT = Loader.getPlatform().endsWith("-x86_64")
            && Dispatcher.singleton().findSchema(new OperatorName(OPERATOR, "")).has_value();

    /** An activation as the operator names it; {@code NONE} for the product alone. */
    enum Pointwise {
        NONE("none", null),
        GELU("gelu", "none"),
        GELU_TANH("gelu", "tanh"),
        RELU("relu", null),
        SILU("swish", null),
        TANH("tanh", null);

        private final String name;
        private final @Nullable String algorithm;

        Pointwise(String name, @Nullable String algorithm) {
            this.name = name;
            this.algorithm = algorithm;
        }
    }

    private OneDnn() {}

    /** Whether the operator takes this product, here and now. */
    static boolean takes(Tensor x, Tensor weight) {
        if (!BUILT || GradMode.is_enabled() || !x.is_cpu()) {
            return false;
        }
        ScalarType type = x.scalar_type().intern();
        return type == weight.scalar_type().intern()
                && (type == ScalarType.Float || (type == ScalarType.BFloat16 && Device.hasBfloat16Instructions()));
    }

    /**
     * Multiplies.
     *
     * @param x (…, in)
     * @param weight (out, in), in any layout
     * @param bias (out), or null
     * @return (…, out)
     */
    static Tensor product(Tensor x, Tensor weight, @Nullable Tensor bias, Pointwise pointwise) {
        var operator = Dispatcher.singleton().findSchemaOrThrow(OPERATOR, "");
        var scalar = operator.schema().arguments().getPointer(4).type().get().containedType(0);
        var stack = new IValueVector();
        stack.push_back(new IValue(x));
        stack.push_back(new IValue(weight));
        stack.push_back(bias == null ? new IValue() : new IValue(bias));
        stack.push_back(new IValue(pointwise.name));
        stack.push_back(new IValue(new GenericList(scalar))); // scalars: none of these activations has any
        stack.push_back(pointwise.algorithm == null ? new IValue() : new IValue(pointwise.algorithm));
        operator.callBoxed(stack);
        return stack.get(0).toTensor();
    }
}
