package dev.attune.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.attune.files.InputException;
import dev.attune.torch.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;

/**
 * The frequencies of rotary positions as config.json sets them: {@code rope_parameters} in files of transformers 5, in
 * older ones {@code rope_theta} with {@code rope_scaling}. Of the ways to stretch them beyond the length of training,
 * {@code linear} (Chen et al. 2023) and {@code llama3} (that of Llama 3.1's files) are known.
 */
final class RotaryScaling {
    private RotaryScaling() {}

    static Rotary of(ModelConfig config) {
        JsonNode parameters = config.field("rope_parameters");
        JsonNode scaling = parameters.isMissingNode() ? config.field("rope_scaling") : parameters;
        double theta =
                scaling.path("rope_theta").asDouble(config.field("rope_theta").asDouble(10000));
        String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
        double turned = scaling.path("partial_rotary_factor")
                .asDouble(config.field("partial_rotary_factor").asDouble(1));
        if (turned != 1) {
            throw new InputException(
                    config.source() + " sets partial_rotary_factor to " + turned + ", which is not supported.");
        }
        float[] frequencies = frequencies(config.headDim(), theta);
        switch (type) {
            case "default" -> {}
            case "linear" -> {
                float factor = number(config, scaling, "factor");
                for (int i = 0; i < frequencies.length; i++) {
                    frequencies[i] /= factor;
                }
            }
            case "llama3" -> stretchLow(config, scaling, frequencies);
            default ->
                throw new InputException("The rope_type " + type + " in " + config.source()
                        + " is not supported; these are: default, linear, llama3.");
        }
        return new Rotary(frequencies);
    }

    /** theta^(-2i/D), computed by libtorch in fp32 like the reference: an ulp is seen at far positions. */
    private static float[] frequencies(int headDim, double theta) {
        float[] exponents = new float[headDim / 2];
        for (int i = 0; i < exponents.length; i++) {
            exponents[i] = 2f * i / headDim;
        }
        return Tensors.toFloats(torch.pow(new Scalar(theta), Tensors.of(exponents, exponents.length))
                .reciprocal());
    }

    /** Leaves high frequencies, divides low ones by the factor, and blends between. */
    private static void stretchLow(ModelConfig config, JsonNode scaling, float[] frequencies) {
        float factor = number(config, scaling, "factor");
        float low = number(config, scaling, "low_freq_factor");
        float high = number(config, scaling, "high_freq_factor");
        float context = scaling.path("original_max_position_embeddings").floatValue();
        if (context == 0) {
            context = config.maxPositions();
        }
        for (int i = 0; i < frequencies.length; i++) {
            float wavelength = (float) (2 * Math.PI) / frequencies[i];
            if (wavelength > context / low) {
                frequencies[i] /= factor;
            } else if (wavelength >= context / high) {
                float smooth = (context / wavelength - low) / (high - low);
                frequencies[i] = (1 - smooth) * frequencies[i] / factor + smooth * frequencies[i];
            }
        }
    }

    private static float number(ModelConfig config, JsonNode scaling, String field) {
        JsonNode node = scaling.path(field);
        if (!node.isNumber()) {
            throw new InputException(
                    config.source() + " sets a rope_type that needs the number " + field + ", which is missing.");
        }
        return node.floatValue();
    }
}
