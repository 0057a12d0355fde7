package dev.attune.model;

import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Activations, named in lower case by config.json. */
enum Activation {
    GELU,
    GELU_NEW,
    GELU_FAST,
    GELU_PYTORCH_TANH,
    RELU,
    SILU,
    SWISH,
    TANH;

    /** Elementwise: any shape to the same shape. */
    Tensor apply(Tensor x) {
        return switch (this) {
            case GELU -> torch.gelu(x);
            // The tanh approximation (Hendrycks and Gimpel 2016, section 2) under its three names.
            case GELU_NEW, GELU_FAST, GELU_PYTORCH_TANH -> torch.gelu(x, "tanh");
            case RELU -> torch.relu(x);
            case SILU, SWISH -> torch.silu(x);
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
