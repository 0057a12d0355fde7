package dev.attune.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.InputException;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {
    @Test
    void cpuIsAlwaysThere() {
        assertThat(Device.named("cpu")).isEqualTo(Device.CPU).hasToString("cpu");
        try (var device = Device.CPU.toTorch()) {
            assertThat(device.is_cpu()).isTrue();
        }
    }

    @Test
    void aCardThatIsNotThereIsRefusedWithTheWayOut() {
        int cards = torch.cuda_is_available() ? torch.cuda_device_count() : 0;
        assertThatThrownBy(() -> Device.named("cuda:" + cards))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cuda:" + cards)
                .hasMessageContaining(cards == 0 ? "-Pcuda" : "cuda:0 to");
    }

    @Test
    void aCardIsWrittenAsPyTorchDoes() {
        var second = new Device(Device.Kind.CUDA, 1);
        assertThat(second).hasToString("cuda:1");
        try (var device = second.toTorch()) {
            assertThat(device.is_cuda()).isTrue();
            assertThat(device.index()).isEqualTo((byte) 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "CPU", "cuda:", "cuda:-1", "cuda:1x", "cpu:0", "cuda:12345678901"})
    void namesThatAreNoneAreRefused(String name) {
        assertThatThrownBy(() -> Device.named(name))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("use cpu, cuda or cuda:0");
    }
}
