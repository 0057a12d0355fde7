package dev.attune.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveTest {
    private static final byte[] HELLO = "hello, archive\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path temporary;

    private Path archive;
    private Path folder;

    @BeforeEach
    void name() {
        archive = temporary.resolve("archive");
        folder = temporary.resolve("a/b/out");
    }

    @Test
    void unpacksZips() throws IOException {
        zip(zip -> {
            put(zip, "folder/", new byte[0], 0);
            put(zip, "folder/one.txt", HELLO, 0);
            put(zip, "./über/zwei.txt", HELLO, 0);
        });
        extract();
        assertThat(folder.resolve("folder/one.txt")).hasBinaryContent(HELLO);
        assertThat(folder.resolve("über/zwei.txt")).hasBinaryContent(HELLO);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unpacksTarsPlainAndCompressed(boolean compressed) throws IOException {
        tar(compressed, tar -> {
            put(tar, new TarArchiveEntry("folder/"), new byte[0]);
            put(tar, new TarArchiveEntry("folder/one.txt"), HELLO);
            put(tar, new TarArchiveEntry("x".repeat(150) + "/long.txt"), HELLO);
        });
        extract();
        assertThat(folder.resolve("folder/one.txt")).hasBinaryContent(HELLO);
        assertThat(folder.resolve("x".repeat(150) + "/long.txt")).hasBinaryContent(HELLO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil.txt",
                "fine/../../evil.txt",
                "fine/..",
                "/evil.txt",
                "C:/evil.txt",
                "C:evil.txt",
                "..\\evil.txt",
                "\\\\host\\evil.txt"
            })
    void refusesNamesThatLeaveTheFolder(String name) throws IOException {
        zip(zip -> put(zip, name, HELLO, 0));
        assertRefused().hasMessageContaining("outside");
        Files.delete(archive);
        tar(true, tar -> put(tar, new TarArchiveEntry(name, true), HELLO));
        assertRefused().hasMessageContaining("outside");
        assertThat(temporary.resolve("a/b/evil.txt")).doesNotExist();
        assertThat(temporary.resolve("a/evil.txt")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../evil.txt", "/etc/passwd", "sub/../../../x"})
    void refusesLinksThatLeaveTheFolder(String target) throws IOException {
        tar(false, tar -> put(tar, symlink("sub/link", target), new byte[0]));
        assertRefused().hasMessageContaining("leaves").hasMessageContaining(target);
        Files.delete(archive);
        tar(false, tar -> put(tar, hardLink("sub/link", "../" + target), new byte[0]));
        assertRefused().hasMessageContaining("leaves");
        Files.delete(archive);
        zip(zip -> put(zip, "sub/link", target.getBytes(StandardCharsets.UTF_8), 0120777));
        assertRefused().hasMessageContaining("leaves");
    }

    @Test
    void makesCopiesOfLinksInside() throws IOException {
        tar(false, tar -> {
            put(tar, symlink("sub/before", "../one.txt"), new byte[0]);
            put(tar, new TarArchiveEntry("one.txt"), HELLO);
            put(tar, hardLink("sub/hard", "one.txt"), new byte[0]);
        });
        extract();
        for (String name : new String[] {"sub/before", "sub/hard"}) {
            assertThat(folder.resolve(name)).isRegularFile().hasBinaryContent(HELLO);
            assertThat(Files.isSymbolicLink(folder.resolve(name))).isFalse();
        }
    }

    @Test
    void refusesToWriteThroughALinkToAFolder() throws IOException {
        tar(false, tar -> {
            put(tar, symlink("x", "."), new byte[0]);
            put(tar, new TarArchiveEntry("x/one.txt"), HELLO);
        });
        assertRefused().hasMessageContaining("no file of the archive");
    }

    @Test
    void refusesDevices() throws IOException {
        tar(false, tar -> put(tar, new TarArchiveEntry("pipe", TarConstants.LF_FIFO), new byte[0]));
        assertRefused().hasMessageContaining("neither a file nor a folder");
    }

    @Test
    void refusesTwoFilesOfOneName() throws IOException {
        tar(false, tar -> {
            put(tar, new TarArchiveEntry("one.txt"), HELLO);
            put(tar, new TarArchiveEntry("./one.txt"), HELLO);
        });
        assertRefused().hasMessageContaining("two files");
    }

    @Test
    void boundsTheSizeTheNumberAndTheRatio() throws IOException {
        zip(zip -> {
            put(zip, "one", new byte[3 << 20], 0);
            put(zip, "two", HELLO, 0);
        });
        assertRefused(new Archive.Limits(1000, 10, 1_000_000)).hasMessageContaining("1000 bytes");
        assertRefused(new Archive.Limits(1L << 30, 1, 1_000_000)).hasMessageContaining("more than 1 entries");
        assertRefused(new Archive.Limits(1L << 30, 10, 100)).hasMessageContaining("100 times");
        Archive.extract(archive, temporary.resolve("fine"), new Archive.Limits(1L << 30, 2, 1_000_000));
    }

    @Test
    void refusesDamagedArchives() throws IOException {
        byte[] noise = new byte[50_000];
        new Random(3).nextBytes(noise);
        tar(true, tar -> put(tar, new TarArchiveEntry("noise"), noise));
        byte[] whole = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(whole, whole.length / 2));
        assertRefused().hasMessageContaining("damaged");

        zip(zip -> put(zip, "noise", noise, 0));
        whole = Files.readAllBytes(archive);
        whole[1000] ^= 1;
        Files.write(archive, whole);
        assertRefused().hasMessageContaining("damaged");
    }

    @Test
    void refusesWhatIsNoArchiveAndFoldersInUse() throws IOException {
        Files.writeString(archive, "<html>Not found</html>");
        assertRefused().hasMessageContaining("neither a zip");
        zip(zip -> put(zip, "one", HELLO, 0));
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("mine"), "mine");
        assertThatThrownBy(this::extract).isInstanceOf(InputException.class).hasMessageContaining("not empty");
    }

    private void extract() {
        Archive.extract(archive, folder, Archive.Limits.DEFAULT);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() throws IOException {
        return assertRefused(Archive.Limits.DEFAULT);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Archive.Limits limits) throws IOException {
        Path fresh = Files.createDirectories(temporary.resolve("a/b")).resolve("out" + System.nanoTime());
        return assertThatThrownBy(() -> Archive.extract(archive, fresh, limits))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(archive.toString());
    }

    private interface Filling<T> {
        void fill(T archive) throws IOException;
    }

    private void zip(Filling<ZipArchiveOutputStream> filling) throws IOException {
        try (var zip = new ZipArchiveOutputStream(archive)) {
            filling.fill(zip);
        }
    }

    private static void put(ZipArchiveOutputStream zip, String name, byte[] content, int mode) throws IOException {
        var entry = new ZipArchiveEntry(name);
        if (mode != 0) {
            entry.setUnixMode(mode);
        }
        zip.putArchiveEntry(entry);
        zip.write(content);
        zip.closeArchiveEntry();
    }

    private void tar(boolean compressed, Filling<TarArchiveOutputStream> filling) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out = compressed ? new GZIPOutputStream(bytes) : bytes;
                var tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            filling.fill(tar);
        }
        Files.write(archive, bytes.toByteArray());
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] content) throws IOException {
        if (entry.isFile()) {
            entry.setSize(content.length);
        }
        tar.putArchiveEntry(entry);
        if (content.length > 0) {
            tar.write(content);
        }
        tar.closeArchiveEntry();
    }

    private static TarArchiveEntry symlink(String name, String target) {
        var entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(target);
        return entry;
    }

    private static TarArchiveEntry hardLink(String name, String target) {
        var entry = new TarArchiveEntry(name, TarConstants.LF_LINK);
        entry.setLinkName(target);
        return entry;
    }
}
