package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.ProvidedFolders;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of ours read by Python's safetensors, and its files read by us. */
@Tag("interop")
class SafetensorsInteropTest {
    /** Prints what a file holds, a line for each tensor: name, dtype, shape, bytes. */
    private static final String LIST = """
            import sys
            from safetensors import deserialize
            for name, t in sorted(deserialize(open(sys.argv[1], "rb").read())):
                print(name, t["dtype"], t["shape"], bytes(t["data"]).hex())
            """;

    /** Loads a file as PyTorch's tensors and saves them again. */
    private static final String COPY = """
            import sys
            from safetensors.torch import load_file, save_file
            save_file(load_file(sys.argv[1]), sys.argv[2], metadata={"format": "pt"})
            """;

    private final PointerScope scope = new PointerScope();

    @TempDir
    Path folder;

    @AfterEach
    void freeTensors() {
        scope.close();
    }

    @Test
    void pythonReadsEveryDtypeBitForBit() throws Exception {
        var tensors = tensorsOf(Dtype.values());
        Path file = folder.resolve("ours.safetensors");
        SafetensorsWriter.write(file, tensors);
        List<String> expected = tensors.entrySet().stream()
                .map(e -> "%s %s %s %s"
                        .formatted(
                                e.getKey(),
                                Dtype.of(e.getValue()),
                                Arrays.toString(e.getValue().shape()),
                                HexFormat.of().formatHex(SafetensorsRoundTripTest.bytes(e.getValue()))))
                .sorted()
                .toList();
        assertThat(python(LIST, file)).isEqualTo(expected);
    }

    /** PyTorch's side of safetensors knows all of our dtypes but F8_E8M0 as tensors. */
    @Test
    void aFileThatPythonSavesAgainIsOursByteForByte() throws Exception {
        Dtype[] known =
                Arrays.stream(Dtype.values()).filter(d -> d != Dtype.F8_E8M0).toArray(Dtype[]::new);
        Path ours = folder.resolve("ours.safetensors");
        Path theirs = folder.resolve("theirs.safetensors");
        var tensors = tensorsOf(known);
        SafetensorsWriter.write(ours, tensors);
        assertThat(python(COPY, ours, theirs)).isEmpty();
        assertThat(Files.readAllBytes(theirs)).isEqualTo(Files.readAllBytes(ours));
        try (var read = SafetensorsFile.open(theirs)) {
            tensors.forEach((name, tensor) -> assertThat(SafetensorsRoundTripTest.bytes(read.tensor(name)))
                    .as(name)
                    .isEqualTo(SafetensorsRoundTripTest.bytes(tensor)));
        }
    }

    @Test
    void realWeightsAreReadAsPythonReadsThem() throws Exception {
        Path minilm = ProvidedFolders.model("minilm");
        try (var checkpoint = Checkpoint.open(minilm)) {
            String sums = """
                    import sys, torch
                    from safetensors.torch import load_file
                    for name, t in sorted(load_file(sys.argv[1]).items()):
                        print(name, list(t.shape), int(t.view(torch.int32).to(torch.int64).sum()) if t.dtype == torch.float32 else int(t.sum()))
                    """;
            List<String> expected = checkpoint.names().stream()
                    .sorted()
                    .map(name -> name + " " + Arrays.toString(checkpoint.shape(name)) + " " + sum(checkpoint, name))
                    .toList();
            assertThat(expected).hasSizeGreaterThan(100);
            assertThat(python(sums, minilm.resolve(Checkpoint.WEIGHTS))).isEqualTo(expected);
        }
    }

    private static long sum(Checkpoint checkpoint, String name) {
        Tensor tensor = checkpoint.tensor(name);
        if (checkpoint.dtype(name) != Dtype.F32) {
            return Arrays.stream(Tensors.toLongs(tensor)).sum();
        }
        long sum = 0;
        for (float value : Tensors.toFloats(tensor)) {
            sum += Float.floatToRawIntBits(value);
        }
        return sum;
    }

    private static Map<String, Tensor> tensorsOf(Dtype... dtypes) {
        var tensors = new LinkedHashMap<String, Tensor>();
        for (Dtype dtype : dtypes) {
            tensors.put(
                    dtype + ".matrix", SafetensorsRoundTripTest.bits(dtype, 6).view(2, 3));
            tensors.put(
                    dtype + ".scalar", SafetensorsRoundTripTest.bits(dtype, 1).view(new long[0]));
            tensors.put(
                    dtype + ".empty",
                    SafetensorsRoundTripTest.bits(dtype, 1).view(1, 1).narrow(0, 0, 0));
        }
        return tensors;
    }

    private static List<String> python(String script, Path... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>(List.of(ProvidedFolders.python().toString(), "-c", script));
        Arrays.stream(arguments).map(Path::toString).forEach(command::add);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
