package dev.attune.torch;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The element types that safetensors and libtorch share, under the names safetensors gives them in a file's header.
 * They stand in the order of safetensors' own list, by growing alignment: files are laid out in the reverse of it.
 *
 * <p>Missing are the types of less than a byte (F4, F6_E2M3, F6_E3M2), whose shapes count something else in the file
 * than in libtorch.
 */
public enum Dtype {
    BOOL(ScalarType.Bool, 1),
    U8(ScalarType.Byte, 1),
    I8(ScalarType.Char, 1),
    F8_E5M2(ScalarType.Float8_e5m2, 1),
    F8_E4M3(ScalarType.Float8_e4m3fn, 1),
    F8_E8M0(ScalarType.Float8_e8m0fnu, 1),
    F8_E4M3FNUZ(ScalarType.Float8_e4m3fnuz, 1),
    F8_E5M2FNUZ(ScalarType.Float8_e5m2fnuz, 1),
    I16(ScalarType.Short, 2),
    U16(ScalarType.UInt16, 2),
    F16(ScalarType.Half, 2),
    BF16(ScalarType.BFloat16, 2),
    I32(ScalarType.Int, 4),
    U32(ScalarType.UInt32, 4),
    F32(ScalarType.Float, 4),
    C64(ScalarType.ComplexFloat, 8),
    F64(ScalarType.Double, 8),
    I64(ScalarType.Long, 8),
    U64(ScalarType.UInt64, 8);

    private final ScalarType scalarType;
    private final int bytes;

    Dtype(ScalarType scalarType, int bytes) {
        this.scalarType = scalarType;
        this.bytes = bytes;
    }

    /** The type of that name in a safetensors header ("BF16"), if there is one. */
    public static Optional<Dtype> named(String name) {
        return Arrays.stream(values()).filter(d -> d.name().equals(name)).findFirst();
    }

    /**
     * The type of a tensor's elements.
     *
     * @throws IllegalArgumentException for a type that has no name in safetensors (quantized, complex128)
     */
    public static Dtype of(Tensor tensor) {
        var type = tensor.scalar_type();
        return Arrays.stream(values())
                .filter(d -> d.scalarType.value == type.value)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "safetensors has no dtype for " + type.intern().name().toLowerCase(Locale.ROOT)));
    }

    /** PyTorch's name of fp32 and bf16, which config.json has and options take. */
    public String torchName() {
        return switch (this) {
            case F32 -> "float32";
            case BF16 -> "bfloat16";
            default -> throw new IllegalStateException("No option has a name for " + this);
        };
    }

    /** Libtorch's name for this type. */
    public ScalarType scalarType() {
        return scalarType;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }
}
