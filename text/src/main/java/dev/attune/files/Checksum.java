package dev.attune.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What a file's content must hash to.
 *
 * @param kind which hash
 * @param hex its value in lower-case hexadecimal
 */
public record Checksum(Kind kind, String hex) {
    /** The hashes that data sets and the Hugging Face hub publish. */
    public enum Kind {
        /** SHA-256 of the content: 64 digits. */
        SHA256(64),
        /** SHA-1 of "blob", the length and the content, git's name of a file: 40 digits. */
        GIT_SHA1(40);

        private final int digits;

        Kind(int digits) {
            this.digits = digits;
        }
    }

    public Checksum {
        hex = hex.toLowerCase(Locale.ROOT);
        if (!hex.matches("[0-9a-f]{" + kind.digits + "}")) {
            throw new IllegalArgumentException(hex + " is not a " + kind + " of " + kind.digits + " digits");
        }
    }

    public static Checksum sha256(String hex) {
        return new Checksum(Kind.SHA256, hex);
    }

    public static Checksum gitSha1(String hex) {
        return new Checksum(Kind.GIT_SHA1, hex);
    }

    /** The checksum of {@code file} as it is on disk. */
    public static Checksum of(Kind kind, Path file) {
        try (var in = Files.newInputStream(file)) {
            var digest = MessageDigest.getInstance(kind == Kind.SHA256 ? "SHA-256" : "SHA-1");
            if (kind == Kind.GIT_SHA1) {
                digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
            }
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return new Checksum(kind, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has both
        }
    }

    public boolean matches(Path file) {
        return equals(of(kind, file));
    }
}
