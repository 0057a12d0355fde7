package dev.attune.recipe;

import dev.attune.classifier.Reading;
import dev.attune.classifier.Unfreeze;
import dev.attune.files.InputException;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import dev.attune.training.Description;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which model is tuned and which of its parts. */
public record ModelOptions(
        @Description("minilm (built in), a Hugging Face folder, or owner/name[@revision]")
        String model,

        @Description("what is trained: head, last-block, last-N or all (default: last-block; contrastive: all)")
        @Nullable Unfreeze unfreeze,

        @Description("row the head reads: last, cls, mean or last-padded (default: the family's)") @Nullable Reading reading,

        @Description("longest text in tokens; longer ones are cut (default: what the model takes, at most 512)")
        @Nullable Integer maxLength,

        @Description("float32, bfloat16, or auto: the one that the device multiplies faster; of what is not trained")
        String dtype,

        @Description("multiply what is trained in bfloat16 too, its weights staying in float32 (method head)")
        boolean autocast,

        @Description("cpu, cuda or cuda:N") String device,
        @Description("threads of libtorch (0: one a core)") int threads) {
    private static final ModelOptions DEFAULTS = new ModelOptions("minilm", null, null, null, "auto", false, "cpu", 0);

    public ModelOptions {
        if (dtype.equals("int8")) {
            throw new InputException(
                    "dtype is 'int8', which no model is trained in: it is for the weights of classifiers that are"
                            + " done (attune classify, evaluate --quantize int8).");
        }
        if (!List.of("auto", "float32", "bfloat16").contains(dtype)) {
            throw new InputException("dtype is '" + dtype + "'; it takes auto, float32 or bfloat16.");
        }
        if (maxLength != null && maxLength < 1) {
            throw new InputException("max-length is " + maxLength + "; it takes a number of tokens.");
        }
        if (threads < 0) {
            throw new InputException("threads is " + threads + "; it takes a number, or 0 for one a core.");
        }
    }

    public static ModelOptions defaults() {
        return DEFAULTS;
    }

    /** The dtype of what is not trained, on this machine. */
    Dtype frozenDtype() {
        return switch (dtype) {
            case "bfloat16" -> Dtype.BF16;
            case "float32" -> Dtype.F32;
            default -> Device.named(device).fastDtype();
        };
    }
}
