package dev.attune.data;

import dev.attune.files.InputException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A text file in UTF-8 that has been decoded once from end to end: the file itself where it is UTF-8, else (or where it
 * begins with a byte order mark, which not every reader takes) a copy that lives until {@link #close}. So one place finds undecodable bytes, and every reader behind it needs one encoding only.
 */
final class TextSource implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final boolean copy;

    private TextSource(Path file, boolean copy) {
        this.file = file;
        this.copy = copy;
    }

    /**
     * Decodes {@code file} from end to end.
     *
     * @throws InputException naming byte and line of the first bytes that are not in {@code charset}
     */
    static TextSource open(Path file, Charset charset) {
        try {
            if (charset.equals(StandardCharsets.UTF_8) && !hasByteOrderMark(file)) {
                if (!isAscii(file)) {
                    decode(file, charset, null);
                }
                return new TextSource(file, false);
            }
            Path utf8 = Files.createTempFile("attune-utf8-", ".txt");
            try (Writer out = Files.newBufferedWriter(utf8, StandardCharsets.UTF_8)) {
                decode(file, charset, out);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(utf8);
                throw e;
            }
            return new TextSource(utf8, true);
        } catch (EOFException | ZipException e) {
            throw new InputException(file + " is not a whole gzip file (" + e.getMessage() + "); get it again.", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Without looking at a file in UTF-8, for those who read its first lines only. */
    static TextSource unchecked(Path file, Charset charset) {
        try {
            boolean asItIs = charset.equals(StandardCharsets.UTF_8) && !hasByteOrderMark(file);
            return asItIs ? new TextSource(file, false) : open(file, charset);
        } catch (IOException e) {
            return open(file, charset);
        }
    }

    Path file() {
        return file;
    }

    boolean gzipped() {
        return isGzip(file);
    }

    /** Whether {@code c} may stand in the text: false only where it does not. */
    boolean mayContain(char c) {
        if (c > 0x7F) {
            return true;
        }
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = bytes(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    if (buffer[i] == c) {
                        return true;
                    }
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    BufferedReader reader() throws IOException {
        return new BufferedReader(new InputStreamReader(bytes(file), StandardCharsets.UTF_8), BUFFER);
    }

    @Override
    public void close() {
        if (copy) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot delete the temporary file " + file, e);
            }
        }
    }

    private static boolean isGzip(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
    }

    private static InputStream bytes(Path file) throws IOException {
        InputStream raw = Files.newInputStream(file);
        try {
            return isGzip(file) ? new GZIPInputStream(raw, BUFFER) : new BufferedInputStream(raw, BUFFER);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    private static boolean hasByteOrderMark(Path file) throws IOException {
        try (InputStream in = bytes(file)) {
            return Arrays.equals(in.readNBytes(3), new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
        }
    }

    /** Whether there is nothing to decode, which takes a quarter of the time of decoding to find out. */
    private static boolean isAscii(Path file) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = bytes(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                int all = 0;
                for (int i = 0; i < read; i++) {
                    all |= buffer[i];
                }
                if (all < 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private static void decode(Path file, Charset charset, @Nullable Writer out) throws IOException {
        var decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var bytes = ByteBuffer.allocate(BUFFER);
        var chars = CharBuffer.allocate(BUFFER);
        long offset = 0;
        long line = 1;
        boolean atStart = true;
        try (InputStream in = bytes(file)) {
            boolean end = false;
            while (!end) {
                int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
                end = read < 0;
                bytes.position(bytes.position() + Math.max(read, 0)).flip();
                CoderResult result;
                do {
                    int from = bytes.position();
                    result = decoder.decode(bytes, chars, end);
                    offset += bytes.position() - from;
                    chars.flip();
                    if (atStart && chars.hasRemaining()) {
                        atStart = false;
                        chars.position(chars.charAt(0) == '\uFEFF' ? 1 : 0);
                    }
                    for (int i = 0; i < chars.length(); i++) {
                        line += chars.charAt(i) == '\n' ? 1 : 0;
                    }
                    if (out != null) {
                        out.append(chars);
                    }
                    chars.clear();
                    if (result.isError()) {
                        throw undecodable(file, charset, offset, line, bytes);
                    }
                } while (result.isOverflow());
                bytes.compact();
            }
        }
    }

    private static InputException undecodable(Path file, Charset charset, long offset, long line, ByteBuffer bytes) {
        var what = bytes.hasRemaining()
                ? String.format(Locale.ROOT, "byte 0x%02X", bytes.get(bytes.position()))
                : "the end";
        var unpacked = isGzip(file) ? " (unpacked)" : "";
        return new InputException(file + ", line " + line + ": " + what + " at offset " + offset + unpacked + " is not "
                + charset.name() + "; name the file's encoding with --encoding, such as latin-1 or utf-16.");
    }
}
