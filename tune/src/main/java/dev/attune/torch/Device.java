package dev.attune.torch;

import dev.attune.files.InputException;
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
