package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.InputException;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsHeaderTest {
    private static final String A = "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}";

    @TempDir
    Path folder;

    @Test
    void readsWhatTheHeaderSays() throws IOException {
        var file = SafetensorsFile.open(write("{" + A + ",'__metadata__':{'format':'pt','x':'y'}}", 8));
        assertThat(file.names()).containsExactly("a");
        assertThat(file.metadata()).containsEntry("format", "pt").containsEntry("x", "y");
        assertThat(file.shape("a")).containsExactly(2);
    }

    @Test
    void namesStandInTheOrderOfTheirBytes() throws IOException {
        var file = SafetensorsFile.open(write(
                "{'b':{'dtype':'U8','shape':[1],'data_offsets':[2,3]},"
                        + "'c':{'dtype':'U8','shape':[0],'data_offsets':[2,2]},"
                        + "'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]}}",
                3));
        assertThat(file.names()).containsExactly("a", "c", "b");
    }

    @Test
    void aFileWithoutTensorsIsWhole() throws IOException {
        assertThat(SafetensorsFile.open(write("{}", 0)).names()).isEmpty();
    }

    /** In the reference implementation's layout this does not occur, in the format it may. */
    @Test
    @SuppressWarnings("try")
    void aTensorThatIsNotAlignedIsReadAsWell() throws IOException {
        Path file = write(
                "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},"
                        + "'b':{'dtype':'F32','shape':[2],'data_offsets':[1,9]}}",
                9);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes, bytes.length - 8, 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.5f)
                .putFloat(-2);
        Files.write(file, bytes);
        try (var scope = new PointerScope();
                var opened = SafetensorsFile.open(file)) {
            assertThat(Tensors.toFloats(opened.tensor("b"))).containsExactly(1.5f, -2);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}                    | 7  | claims the bytes 0 to 8 of 7
            {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}                    | 9  | take 8 bytes, the file has 9
            {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}                    | 8  | shape [3] in F32 needs 12
            {'a':{'dtype':'F32','shape':[],'data_offsets':[0,8]}}                     | 8  | shape [] in F32 needs 4
            {'a':{'dtype':'F32','shape':[0],'data_offsets':[0,8]}}                    | 8  | needs 0
            {'a':{'dtype':'F33','shape':[2],'data_offsets':[0,8]}}                    | 8  | Tensor a .* dtype "F33"
            {'a':{'dtype':'f32','shape':[2],'data_offsets':[0,8]}}                    | 8  | dtype "f32"
            {'a':{'dtype':'F4','shape':[16],'data_offsets':[0,8]}}                    | 8  | dtype "F4"
            {'a':{'dtype':32,'shape':[2],'data_offsets':[0,8]}}                       | 8  | dtype 32
            {'a':{'shape':[2],'data_offsets':[0,8]}}                                  | 8  | tensor a has no dtype
            {'a':{'dtype':'F32','data_offsets':[0,8]}}                                | 8  | tensor a has no shape
            {'a':{'dtype':'F32','shape':[2]}}                                         | 8  | tensor a has no data_offsets
            {'a':7}                                                                   | 8  | tensor a has no dtype
            {'a':null}                                                                | 8  | tensor a has no dtype
            {'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}}                      | 8  | shape of tensor a is not a list
            {'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}                   | 8  | shape of tensor a holds -2
            {'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}                  | 8  | holds 2.0
            {'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}}                  | 8  | holds "2"
            {'a':{'dtype':'F32','shape':[18446744073709551618],'data_offsets':[0,8]}} | 8  | holds 18446744073709551618
            {'a':{'dtype':'F32','shape':[4294967296,4294967296,4],'data_offsets':[0,0]}} | 0 | more bytes than can be counted
            {'a':{'dtype':'F32','shape':[0,4611686018427387904,4],'data_offsets':[0,0]}} | 0 | more bytes than can be counted
            {'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}                      | 8  | has 1 data_offsets in place of 2
            {'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}                    | 8  | claims the bytes 8 to 0
            {'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}                   | 8  | data_offsets of tensor a holds -8
            {'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}                   | 12 | tensor a begins at byte 4 .* after a gap
            {'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'b':{'dtype':'U8','shape':[2],'data_offsets':[1,3]}} | 3 | tensor b begins at byte 1 .* inside the tensor before it, which ends at 2
            {'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},'b':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}} | 1 | inside the tensor before it
            {'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},'b':{'dtype':'U8','shape':[1],'data_offsets':[2,3]}} | 3 | tensor b begins at byte 2 .* after a gap
            {'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},'a':{'dtype':'U8','shape':[1],'data_offsets':[1,2]}} | 2 | Duplicate field 'a'
            {'a':{'dtype':'U8','dtype':'I8','shape':[1],'data_offsets':[0,1]}}        | 1  | Duplicate field 'dtype'
            {'__metadata__':{'a':1}}                                                  | 0  | something other than text under a
            {'__metadata__':[]}                                                       | 0  | __metadata__ is not an object
            [1]                                                                       | 0  | does not start with '{'
            " {}"                                                                     | 0  | does not start with '{'
            {'a':                                                                     | 0  | not valid JSON
            {}{}                                                                      | 0  | not valid JSON
            """)
    void namesWhatIsWrong(String header, int dataBytes, String message) throws IOException {
        Path file = write(header, dataBytes);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(file.toString())
                .message()
                .containsPattern(message.replace("[", "\\[").replace("{", "\\{"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 'has 0 bytes'",
        "7, 'has 7 bytes'",
        "8, 'claims 54 bytes, the file has 8'",
        "40, 'claims 54 bytes, the file has 40'",
        "62, 'claims the bytes 0 to 8 of 0'"
    })
    void aFileCutShortIsNotWhole(int length, String message) throws IOException {
        Path file = write("{" + A + "}", 8);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("Download or copy it again");
    }

    @ParameterizedTest
    @CsvSource({"-1, 18446744073709551615", "100000001, 100000001", "-9223372036854775808, 9223372036854775808"})
    void anAbsurdHeaderLengthIsRefusedBeforeItIsRead(long length, String shown) throws IOException {
        Path file = folder.resolve("absurd.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(length)
                        .array());
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("claims " + shown + " bytes");
    }

    @Test
    void aHeaderThatIsNotUtf8IsRefused() throws IOException {
        Path file = write("{'a':1}", 0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[10] = (byte) 0xff;
        Files.write(file, bytes);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        Path file = write("{'a':" + "[".repeat(100_000), 0);
        assertThatThrownBy(() -> SafetensorsFile.open(file)).isInstanceOf(InputException.class);
    }

    @Test
    void missingFilesAndFoldersAreNamed() {
        Path missing = folder.resolve("none.safetensors");
        assertThatThrownBy(() -> SafetensorsFile.open(missing))
                .isInstanceOf(InputException.class)
                .hasMessage("There is no file " + missing + ".");
        assertThatThrownBy(() -> SafetensorsFile.open(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(folder.toString());
    }

    @Test
    void aMissingTensorIsNamedWithItsNeighbours() throws IOException {
        var file = SafetensorsFile.open(write("{" + A + "}", 8));
        assertThatThrownBy(() -> file.tensor("transformer.a"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no tensor transformer.a in")
                .hasMessageContaining("nearest are [a]");
    }

    private Path write(String header, int dataBytes) throws IOException {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("model.safetensors");
        var bytes = ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(file, bytes.putLong(json.length).put(json).array());
    }
}
