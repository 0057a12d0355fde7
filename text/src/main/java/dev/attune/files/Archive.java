package dev.attune.files;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Unpacks zip, tar and tar.gz files from strangers. Nothing is written outside the folder: names with {@code ..},
 * absolute names, devices and links that leave are refused. A link to a file of the archive becomes a copy of it, so no
 * link is ever made and none can be followed. What is written is counted, not what the archive says of itself.
 */
public final class Archive {
    /**
     * How much an archive may become.
     *
     * @param bytes of all files together
     * @param entries files and folders
     * @param ratio bytes written for each byte of the archive, once they are more than a mebibyte
     */
    public record Limits(long bytes, int entries, int ratio) {
        /** 8 GiB, 100,000 entries, 200 times the archive's size: ample for text, short for a bomb. */
        public static final Limits DEFAULT = new Limits(8L << 30, 100_000, 200);
    }

    private static final long SMALL = 1 << 20;

    private final Path archive;
    private final Path folder;
    private final Limits limits;
    private final long archiveSize;
    private final Set<String> files = new HashSet<>();
    private final Map<String, String> links = new LinkedHashMap<>(); // entry -> file of the archive
    private long written;
    private int entries;

    private Archive(Path archive, Path folder, Limits limits) throws IOException {
        this.archive = archive;
        this.folder = folder;
        this.limits = limits;
        this.archiveSize = Files.size(archive);
    }

    /**
     * Unpacks {@code archive} into {@code folder}, which is made and must be empty. When it throws, the folder holds
     * the part that came before: callers unpack into a temporary one.
     *
     * @throws InputException naming the archive and the entry, when it is broken, dangerous or too large
     */
    public static void extract(Path archive, Path folder, Limits limits) {
        try {
            Files.createDirectories(folder);
            try (var present = Files.list(folder)) {
                if (present.findAny().isPresent()) {
                    throw new InputException(folder + " is not empty: archives are unpacked into an empty folder.");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + folder + ": " + e.getMessage(), e);
        }
        try {
            new Archive(archive, folder.toAbsolutePath().normalize(), limits).extract();
        } catch (FileAlreadyExistsException e) {
            throw new InputException(archive + " holds two files of the name " + e.getFile() + ".", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new InputException(
                    "Cannot unpack " + archive + ": " + e.getMessage()
                            + ". It may be damaged (delete it, and it is downloaded again) or the disk full.",
                    e);
        }
    }

    private void extract() throws IOException {
        byte[] head;
        try (var in = Files.newInputStream(archive)) {
            head = in.readNBytes(512);
        }
        if (startsWith(head, 0, 'P', 'K', 3, 4) || startsWith(head, 0, 'P', 'K', 5, 6)) {
            unzip();
        } else if (startsWith(head, 0, 0x1f, 0x8b)) {
            try (var in = new BufferedInputStream(Files.newInputStream(archive));
                    var plain = GzipCompressorInputStream.builder()
                            .setInputStream(in)
                            .setDecompressConcatenated(true)
                            .get()) {
                untar(plain);
            }
        } else if (startsWith(head, 257, 'u', 's', 't', 'a', 'r')) {
            try (var in = new BufferedInputStream(Files.newInputStream(archive))) {
                untar(in);
            }
        } else {
            throw new InputException(archive + " is neither a zip, a tar nor a tar.gz file.");
        }
        copyLinked();
    }

    private static boolean startsWith(byte[] head, int offset, int... bytes) {
        byte[] expected = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            expected[i] = (byte) bytes[i];
        }
        return head.length >= offset + expected.length
                && Arrays.equals(head, offset, offset + expected.length, expected, 0, expected.length);
    }

    private void unzip() throws IOException {
        try (var zip = ZipFile.builder().setPath(archive).get()) {
            for (var all = zip.getEntriesInPhysicalOrder(); all.hasMoreElements(); ) {
                ZipArchiveEntry entry = all.nextElement();
                String name = safeName(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(folder.resolve(name));
                } else if (entry.isUnixSymlink()) {
                    link(name, siblingOf(name, zip.getUnixSymlink(entry)), zip.getUnixSymlink(entry));
                } else if (!zip.canReadEntryData(entry)) {
                    throw new InputException(archive + ": " + name + " is encrypted or packed in an unknown way.");
                } else {
                    var crc = new CheckedInputStream(zip.getInputStream(entry), new CRC32());
                    write(name, crc);
                    if (crc.getChecksum().getValue() != entry.getCrc()) {
                        throw new InputException(archive + " is damaged: " + name + " has not its checksum.");
                    }
                }
            }
        }
    }

    private void untar(InputStream in) throws IOException {
        try (var tar = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name())) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isGlobalPaxHeader()) {
                    continue;
                }
                String name = safeName(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(folder.resolve(name));
                } else if (entry.isSymbolicLink()) {
                    link(name, siblingOf(name, entry.getLinkName()), entry.getLinkName());
                } else if (entry.isLink()) {
                    link(name, entry.getLinkName(), entry.getLinkName());
                } else if (entry.isFIFO() || entry.isBlockDevice() || entry.isCharacterDevice()) {
                    throw new InputException(archive + ": " + name + " is neither a file nor a folder.");
                } else if (!tar.canReadEntryData(entry)) {
                    throw new InputException(archive + ": " + name + " is packed in an unknown way.");
                } else {
                    write(name, tar);
                }
            }
        }
    }

    /** The entry's name with forward slashes, normal, and inside the folder. */
    private String safeName(String raw) {
        if (++entries > limits.entries()) {
            throw new InputException(archive + " holds more than " + limits.entries() + " entries.");
        }
        String name = raw.replace('\\', '/');
        boolean absolute = name.startsWith("/") || name.matches("(?s)[A-Za-z]:.*") || name.indexOf('\0') >= 0;
        if (absolute || name.isBlank() || Arrays.asList(name.split("/")).contains("..")) {
            throw new InputException(archive + " wants to write outside its folder: " + raw + ". It is not unpacked.");
        }
        return folder.relativize(folder.resolve(name).normalize()).toString().replace('\\', '/');
    }

    private static String siblingOf(String name, String target) {
        return target.startsWith("/") ? target : name.substring(0, name.lastIndexOf('/') + 1) + target;
    }

    private void link(String name, String target, String asWritten) {
        Path resolved = folder.resolve(target.replace('\\', '/')).normalize();
        if (!resolved.startsWith(folder)) {
            throw new InputException(archive + ": " + name + " is a link that leaves its folder, to " + asWritten
                    + ". It is not unpacked.");
        }
        links.put(name, folder.relativize(resolved).toString().replace('\\', '/'));
    }

    /** Last, since a link may stand before the file it names. */
    private void copyLinked() throws IOException {
        for (var link : links.entrySet()) {
            if (!files.contains(link.getValue())) {
                throw new InputException(archive + ": " + link.getKey() + " is a link to " + link.getValue()
                        + ", which is no file of the archive.");
            }
        }
        for (var link : links.entrySet()) {
            try (var in = Files.newInputStream(folder.resolve(link.getValue()))) {
                write(link.getKey(), in);
            }
        }
    }

    private void write(String name, InputStream in) throws IOException {
        Path file = folder.resolve(name);
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        byte[] buffer = new byte[1 << 16];
        try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                written += read;
                if (written > limits.bytes()) {
                    throw new InputException(archive + " becomes more than " + limits.bytes() + " bytes.");
                }
                if (written > SMALL && written / limits.ratio() > archiveSize) {
                    throw new InputException(archive + " becomes more than " + limits.ratio()
                            + " times its own size at " + name + ": it looks like an archive bomb.");
                }
                out.write(buffer, 0, read);
            }
        }
        files.add(name);
    }
}
