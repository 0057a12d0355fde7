package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.InputException;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsRoundTripTest {
    @TempDir
    Path folder;

    @Test
    @SuppressWarnings("try")
    void tensorsOfEveryDtypeComeBackBitForBit() {
        Path file = folder.resolve("all.safetensors");
        try (var scope = new PointerScope()) {
            var tensors = new LinkedHashMap<String, Tensor>();
            for (Dtype dtype : Dtype.values()) {
                tensors.put("t." + dtype, bits(dtype, 6).view(2, 3));
            }
            SafetensorsWriter.write(file, tensors);
            try (var read = SafetensorsFile.open(file)) {
                assertThat(read.names()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
                assertThat(read.metadata()).containsExactlyEntriesOf(Map.of("format", "pt"));
                tensors.forEach((name, tensor) -> {
                    assertThat(read.dtype(name)).isEqualTo(Dtype.of(tensor));
                    assertThat(read.shape(name)).containsExactly(2, 3);
                    assertThat(bytes(read.tensor(name))).as(name).containsExactly(bytes(tensor));
                    assertThat(Dtype.of(read.tensor(name))).isEqualTo(Dtype.of(tensor));
                    assertThat(bytes(read.copy(name))).as(name).containsExactly(bytes(tensor));
                    assertThat(read.copy(name).size(1)).as(name).isEqualTo(3);
                });
            }
        }
    }

    @Test
    @SuppressWarnings("try")
    void aFileThatWasCutMeanwhileIsAnErrorThatNamesTensorAndFile() throws IOException {
        Path file = folder.resolve("model.safetensors");
        try (var scope = new PointerScope()) {
            SafetensorsWriter.write(file, Map.of("weight", torch.ones(100)));
            try (var read = SafetensorsFile.open(file);
                    var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(Files.size(file) - 8);

                assertThatThrownBy(() -> read.copy("weight"))
                        .isInstanceOf(InputException.class)
                        .hasMessageContainingAll("weight", file.toString(), "ends at byte");
            }
        }
    }

    /** The layout of the reference implementation, byte by byte (its own test's example, with our metadata). */
    @Test
    @SuppressWarnings("try")
    void theLayoutIsTheReferenceImplementations() throws IOException {
        Path file = folder.resolve("model.safetensors");
        try (var scope = new PointerScope()) {
            var tensors = new LinkedHashMap<String, Tensor>();
            tensors.put("byte", Tensors.of(new int[] {1, 2, 3}).to(ScalarType.Byte));
            tensors.put("b", Tensors.of(new float[] {1}));
            tensors.put("a", Tensors.of(new float[] {2, 3}));
            tensors.put("long", Tensors.of(new long[] {-1}));
            SafetensorsWriter.write(file, tensors);
        }
        byte[] written = Files.readAllBytes(file);
        String header = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"long\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[16,20]},"
                + "\"byte\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[20,23]}}";
        int padded = (header.length() + 7) / 8 * 8;
        assertThat(new String(written, 8, padded, StandardCharsets.UTF_8))
                .isEqualTo(header + " ".repeat(padded - header.length()));
        assertThat(ByteBuffer.wrap(written).order(ByteOrder.LITTLE_ENDIAN).getLong())
                .isEqualTo(padded);
        assertThat(written)
                .hasSize(8 + padded + 23)
                .endsWith(-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 63, 1, 2, 3);
    }

    @Test
    @SuppressWarnings("try")
    void viewsAndTrainedParametersAreWrittenAsTheyRead() {
        Path file = folder.resolve("views.safetensors");
        try (var scope = new PointerScope()) {
            var matrix = Tensors.of(new float[][] {{1, 2, 3}, {4, 5, 6}});
            SafetensorsWriter.write(
                    file,
                    Map.of(
                            "transposed", matrix.t(),
                            "column", matrix.select(1, 1),
                            "expanded", matrix.select(1, 0).unsqueeze(1).expand(2, 2),
                            "trained", matrix.clone().set_requires_grad(true)));
            try (var read = SafetensorsFile.open(file)) {
                assertThat(Tensors.toFloats(read.tensor("transposed"))).containsExactly(1, 4, 2, 5, 3, 6);
                assertThat(Tensors.toFloats(read.tensor("column"))).containsExactly(2, 5);
                assertThat(Tensors.toFloats(read.tensor("expanded"))).containsExactly(1, 1, 4, 4);
                assertThat(Tensors.toFloats(read.tensor("trained"))).containsExactly(1, 2, 3, 4, 5, 6);
                assertThat(read.tensor("trained").requires_grad()).isFalse();
            }
        }
    }

    @Test
    @SuppressWarnings("try")
    void aTensorOutlivesItsFileAndItsScope() {
        Path file = folder.resolve("model.safetensors");
        Tensor kept;
        try (var outer = new PointerScope()) {
            SafetensorsFile opened;
            try (var inner = new PointerScope()) {
                SafetensorsWriter.write(file, Map.of("a", Tensors.of(new float[] {1, 2, 3})));
                opened = SafetensorsFile.open(file);
                assertThat(Tensors.toFloats(opened.tensor("a"))).containsExactly(1, 2, 3);
            }
            kept = opened.tensor("a");
            opened.close();
            assertThat(Tensors.toFloats(kept)).containsExactly(1, 2, 3);
            assertThat(Tensors.toFloats(opened.tensor("a"))).containsExactly(1, 2, 3);
            opened.close();
        }
    }

    @Test
    void worksWithoutAnyScope() {
        Path file = folder.resolve("model.safetensors");
        try (Tensor a = Tensors.of(new float[] {1, 2, 3})) {
            SafetensorsWriter.write(file, Map.of("a", a));
        }
        Tensor kept;
        try (var opened = SafetensorsFile.open(file)) {
            kept = opened.tensor("a");
        }
        assertThat(Tensors.toFloats(kept)).containsExactly(1, 2, 3);
        kept.close();
    }

    @Test
    @SuppressWarnings("try")
    void writingIntoAMappedTensorLeavesTheFileAlone() throws IOException {
        Path file = folder.resolve("model.safetensors");
        try (var scope = new PointerScope()) {
            SafetensorsWriter.write(file, Map.of("a", Tensors.of(new float[] {1, 2, 3})));
            byte[] before = Files.readAllBytes(file);
            try (var opened = SafetensorsFile.open(file)) {
                opened.tensor("a").fill_(new Scalar(9));
                assertThat(Tensors.toFloats(opened.tensor("a"))).containsExactly(9, 9, 9);
            }
            assertThat(Files.readAllBytes(file)).containsExactly(before);
        }
    }

    @Test
    @SuppressWarnings("try")
    void tensorsAreViewsOfOneMapping() {
        Path file = folder.resolve("model.safetensors");
        try (var scope = new PointerScope()) {
            SafetensorsWriter.write(file, Map.of("a", Tensors.of(new float[8]), "b", Tensors.of(new long[4])));
            try (var opened = SafetensorsFile.open(file)) {
                assertThat(opened.tensor("a").is_alias_of(opened.tensor("b"))).isTrue();
            }
        }
    }

    @Test
    void aDtypeTheFormatLacksIsRefused() {
        try (var options = new TensorOptions(ScalarType.ComplexDouble);
                Tensor complex = torch.empty(new long[] {2}, options, null)) {
            assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("x.safetensors"), Map.of("a", complex)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("complexdouble");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @SuppressWarnings("try")
    void readingOftenLeavesNothingBehind() {
        Path file = folder.resolve("model.safetensors");
        try (var scope = new PointerScope()) {
            SafetensorsWriter.write(
                    file, Map.of("a", Tensors.of(new float[8]), "b", Tensors.of(new boolean[] {true, false, true})));
        }
        readOnce(file);
        long before = Pointer.totalCount();
        for (int i = 0; i < 200; i++) {
            readOnce(file);
        }
        assertThat(Pointer.totalCount()).isEqualTo(before);
    }

    private static void readOnce(Path file) {
        try (var opened = SafetensorsFile.open(file);
                Tensor a = opened.tensor("a");
                Tensor b = opened.tensor("b")) {
            assertThat(a.numel() + b.numel()).isEqualTo(11);
        }
    }

    static Tensor bits(Dtype dtype, int elements) {
        byte[] bytes = new byte[elements * dtype.bytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (dtype == Dtype.BOOL ? i % 2 : i * 37 + 11);
        }
        return Tensor.create(bytes, false).view(dtype.scalarType());
    }

    static byte[] bytes(Tensor tensor) {
        byte[] bytes = new byte[Math.toIntExact(tensor.nbytes())];
        if (bytes.length > 0) {
            new BytePointer(tensor.contiguous().data_ptr()).get(bytes);
        }
        return bytes;
    }
}
