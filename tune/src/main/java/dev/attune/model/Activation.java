package dev.attune.model;

import dev.attune.files.InputException;
import dev.attune.model.OneDnn.Pointwise;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Activations, named in lower case by config.json. */
enum Activation {
    GELU(Pointwise.GELU),
    GELU_NEW(Pointwise.GELU_TANH),
    GELU_FAST(Pointwise.GELU_TANH),
    GELU_PYTORCH_TANH(Pointwise.GELU_TANH),
    RELU(Pointwise.RELU),
    SILU(Pointwise.SILU),
    SWISH(Pointwise.SILU),
    TANH(Pointwise.TANH);

    private final Pointwise pointwise;

    Activation(Pointwise pointwise) {
        this.pointwise = pointwise;
    }

    /** The same as part of a product. */
    Pointwise pointwise() {
        return pointwise;
    }

    /** Elementwise: any shape to the same shape. */
    Tensor apply(Tensor x) {
        return switch (pointwise) {
            case NONE -> x;
            case GELU -> torch.gelu(x);
            case GELU_TANH -> torch.gelu(x, "tanh"); // the approximation of Hendrycks and Gimpel 2016, section 2
            case RELU -> torch.relu(x);
            case SILU -> torch.silu(x);
            case TANH -> torch.tanh(x);
        };
    }

    /** The activation that the config names. */
    static Activation of(ModelConfig config) {
        return Arrays.stream(values())
                .filter(a -> a.label().equals(config.activation()))
                .findFirst()
                .orElseThrow(() -> new InputException("The activation " + config.activation() + " in " + config.source()
                        + " is not supported; these are: "
                        + Arrays.stream(values()).map(Activation::label).collect(Collectors.joining(", ")) + "."));
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
