package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.files.InputException;
import dev.attune.torch.Dtype;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

class SafetensorsPropertyTest {
    private static Path folder = Path.of("");

    /** A tensor to be, with arbitrary bytes. */
    record Plan(Dtype dtype, List<Long> shape, long seed) {
        byte[] data() {
            long size = shape.stream().mapToLong(Long::longValue).reduce(dtype.bytes(), (a, b) -> a * b);
            byte[] data = new byte[(int) size];
            new Random(seed).nextBytes(data);
            if (dtype == Dtype.BOOL) {
                for (int i = 0; i < data.length; i++) {
                    data[i] &= 1;
                }
            }
            return data;
        }

        Tensor tensor() {
            long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
            byte[] data = data();
            if (data.length == 0) {
                return torch.empty(sizes, new TensorOptions(dtype.scalarType()), null);
            }
            return Tensor.create(data, false).view(dtype.scalarType()).view(sizes);
        }
    }

    /** One change to a file: bytes written over others, put in between, or cut off the end. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Damage(int kind, double where, byte[] bytes) {
        byte[] to(byte[] file) {
            int at = (int) (where * (file.length - 1));
            if (kind == 0) {
                byte[] changed = file.clone();
                System.arraycopy(bytes, 0, changed, at, Math.min(bytes.length, file.length - at));
                return changed;
            }
            if (kind == 1) {
                byte[] longer = Arrays.copyOf(file, file.length + bytes.length);
                System.arraycopy(file, at, longer, at + bytes.length, file.length - at);
                System.arraycopy(bytes, 0, longer, at, bytes.length);
                return longer;
            }
            return Arrays.copyOf(file, at);
        }
    }

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("safetensors");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    @SuppressWarnings("try")
    void whatIsWrittenIsRead(@ForAll("plans") Map<String, Plan> plans, @ForAll("texts") Map<String, String> metadata) {
        Path file = folder.resolve("round.safetensors");
        try (var scope = new PointerScope()) {
            write(file, plans, metadata);
            try (var read = SafetensorsFile.open(file)) {
                assertThat(read.names()).containsExactlyInAnyOrderElementsOf(plans.keySet());
                assertThat(read.metadata()).isEqualTo(metadata);
                plans.forEach((name, plan) -> {
                    Tensor tensor = read.tensor(name);
                    assertThat(Dtype.of(tensor)).isEqualTo(plan.dtype);
                    assertThat(Arrays.stream(tensor.shape()).boxed()).isEqualTo(plan.shape);
                    assertThat(SafetensorsRoundTripTest.bytes(tensor)).isEqualTo(plan.data());
                    assertThat(tensor.data_ptr() == null ? 0 : tensor.data_ptr().address() % plan.dtype.bytes())
                            .isZero();
                });
            }
            byte[] first = readAll(file);
            write(file, plans, metadata);
            assertThat(readAll(file)).isEqualTo(first);
        }
    }

    /** Whatever is done to a file, it is either read, every byte of it touched, or refused as input. */
    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
    @SuppressWarnings("try")
    void aDamagedFileIsReadOrRefused(@ForAll("plans") Map<String, Plan> plans, @ForAll("damages") List<Damage> damages)
            throws IOException {
        Path file = folder.resolve("damaged.safetensors");
        try (var scope = new PointerScope()) {
            write(file, plans, Map.of("format", "pt"));
            byte[] bytes = readAll(file);
            for (Damage damage : damages) {
                bytes = bytes.length == 0 ? bytes : damage.to(bytes);
            }
            Files.write(file, bytes);
            try (var read = SafetensorsFile.open(file)) {
                long size = 0;
                for (String name : read.names()) {
                    Tensor tensor = read.tensor(name);
                    assertThat(tensor.shape()).isEqualTo(read.shape(name));
                    size += SafetensorsRoundTripTest.bytes(tensor).length;
                }
                assertThat(size).isLessThan(bytes.length);
            } catch (InputException refused) {
                assertThat(refused).hasMessageContaining(file.toString());
            }
        }
    }

    @Provide
    Arbitrary<Map<String, Plan>> plans() {
        var plan = Combinators.combine(
                        Arbitraries.of(Dtype.values()),
                        Arbitraries.longs().between(0, 4).list().ofMaxSize(4),
                        Arbitraries.longs())
                .as(Plan::new);
        return Arbitraries.maps(names(), plan).ofMaxSize(6);
    }

    @Provide
    Arbitrary<Map<String, String>> texts() {
        return Arbitraries.maps(texts("key"), texts("value")).ofMaxSize(3);
    }

    @Provide
    Arbitrary<List<Damage>> damages() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.oneOf(
                                Arbitraries.bytes()
                                        .array(byte[].class)
                                        .ofMinSize(1)
                                        .ofMaxSize(3),
                                Arbitraries.of("0", "9", "-", "\"", ",", "]", "18446744073709551615", "F64", "[0,8]")
                                        .map(text -> text.getBytes(StandardCharsets.UTF_8))))
                .as(Damage::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    private static Arbitrary<String> names() {
        return texts("h.0.weight").filter(name -> !name.equals(SafetensorsHeader.METADATA_KEY));
    }

    /** Text of every plane that UTF-8 can carry: quotes, control characters, emoji, the empty string. */
    private static Arbitrary<String> texts(String usual) {
        return Arbitraries.oneOf(
                Arbitraries.just(usual),
                Arbitraries.of("", "\"", "\\", "\u0000", "a\nb", "ü", "\u2028", "😀", "../x", "__metadata"),
                Arbitraries.strings().ofMaxLength(8).filter(SafetensorsPropertyTest::isUnicode));
    }

    private static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }

    private static void write(Path file, Map<String, Plan> plans, Map<String, String> metadata) {
        var tensors = new LinkedHashMap<String, Tensor>();
        plans.forEach((name, plan) -> tensors.put(name, plan.tensor()));
        try {
            Files.deleteIfExists(file);
            // Without AtomicFile's flush to the disk, which would take nearly all of the time.
            SafetensorsWriter.content(tensors, metadata).writeTo(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] readAll(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
