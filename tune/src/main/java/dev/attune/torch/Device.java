package dev.attune.torch;

import dev.attune.files.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/** Where tensors live and are computed: the processor, or one CUDA card counted from 0. */
public record Device(Kind kind, int index) {
    /** The kinds of device there are presets for. */
    public enum Kind {
        CPU,
        CUDA
    }

    /** The processor. */
    public static final Device CPU = new Device(Kind.CPU, 0);

    private static final boolean BFLOAT16_INSTRUCTIONS = bfloat16Instructions(Path.of("/proc/cpuinfo"));
    private static final Pattern CUDA_NAME = Pattern.compile("cuda(?::(\\d{1,2}))?");

    public Device {
        if (index < 0 || (kind == Kind.CPU && index > 0)) {
            throw new IllegalArgumentException(kind + " has no device " + index);
        }
    }

    /**
     * Reads {@code cpu}, {@code cuda} (the first card) or {@code cuda:1}, PyTorch's names.
     *
     * @throws InputException for another name, or a card that this machine or this build does not have
     */
    public static Device named(String name) {
        if (name.equals("cpu")) {
            return CPU;
        }
        var cuda = CUDA_NAME.matcher(name);
        if (!cuda.matches()) {
            throw new InputException("There is no device '" + name + "': use cpu, cuda or cuda:0.");
        }
        int index = cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1));
        int cards = torch.cuda_is_available() ? torch.cuda_device_count() : 0;
        if (cards == 0) {
            throw new InputException("Device " + name + " cannot be used: this machine has no CUDA card, or Attune was"
                    + " built without CUDA. Use cpu, or build with the Maven profile: ./mvnw -Pcuda package");
        }
        if (index >= cards) {
            throw new InputException("Device " + name + " cannot be used: this machine has " + cards
                    + " CUDA card(s), cuda:0 to cuda:" + (cards - 1) + ".");
        }
        return new Device(Kind.CUDA, index);
    }

    /**
     * Of fp32 and bf16 the one that matrix products are faster in: bf16 on cards and on processors with AVX-512 BF16 or AMX, where it
     * brings two to four times the speed; elsewhere libtorch converts it. The system property {@code attune.dtype} (float32, bfloat16)
     * overrides that, for figures that do not depend on the machine.
     */
    public Dtype fastDtype() {
        String given = System.getProperty("attune.dtype");
        if (given != null) {
            return given.equals("bfloat16") ? Dtype.BF16 : Dtype.F32;
        }
        return kind == Kind.CUDA || BFLOAT16_INSTRUCTIONS ? Dtype.BF16 : Dtype.F32;
    }

    /** Whether this machine's processor multiplies in bf16. */
    public static boolean hasBfloat16Instructions() {
        return BFLOAT16_INSTRUCTIONS;
    }

    /** Asked of Linux alone: no other x86-64 system tells without native code. */
    private static boolean bfloat16Instructions(Path cpuinfo) {
        try (var lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .filter(flags -> flags.contains(" avx512_bf16") || flags.contains(" amx_bf16"))
                    .isPresent();
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /** The device as libtorch takes it; a native object of the scope it is asked in. */
    public org.bytedeco.pytorch.Device toTorch() {
        return kind == Kind.CPU
                ? new org.bytedeco.pytorch.Device(DeviceType.CPU)
                : new org.bytedeco.pytorch.Device(DeviceType.CUDA, (byte) index);
    }

    /** PyTorch's name: {@code cpu} or {@code cuda:0}. */
    @Override
    public String toString() {
        return kind == Kind.CPU ? "cpu" : "cuda:" + index;
    }
}
