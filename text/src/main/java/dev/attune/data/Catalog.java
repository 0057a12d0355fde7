package dev.attune.data;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.files.Archive;
import dev.attune.files.AtomicFile;
import dev.attune.files.Checksum;
import dev.attune.files.Download;
import dev.attune.files.Home;
import dev.attune.files.InputException;
import dev.attune.files.Suggestions;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Known data sets by name. Their files are looked for in the given folders, then in the home, then downloaded into the
 * home; whatever their place, they have the checksum that the catalog names.
 */
public final class Catalog {
    private static final Logger log = LoggerFactory.getLogger(Catalog.class);

    private final Map<String, CatalogEntry> entries;
    private final Home home;
    private final List<Path> folders;
    private final Download.Progress progress;

    /**
     * @param home where downloads are kept
     * @param folders looked at first; files lie in them as {@link CatalogEntry.SourceFile#path} says
     * @param progress told of downloads
     */
    public Catalog(Home home, List<Path> folders, Download.Progress progress) {
        this(read(), home, folders, progress);
    }

    Catalog(Map<String, CatalogEntry> entries, Home home, List<Path> folders, Download.Progress progress) {
        this.entries = entries;
        this.home = home;
        this.folders = List.copyOf(folders);
        this.progress = progress;
    }

    /** The catalog over the home and the data folders of this process's environment. */
    public static Catalog fromEnvironment(@Nullable Path dataDir, Download.Progress progress) {
        return of(System.getenv(), dataDir, progress);
    }

    /**
     * The catalog over what {@code environment} names: ATTUNE_HOME, and in ATTUNE_DATA folders, separated as in PATH.
     *
     * @param dataDir a folder looked at before those, or null
     */
    public static Catalog of(Map<String, String> environment, @Nullable Path dataDir, Download.Progress progress) {
        var folders = new ArrayList<Path>();
        if (dataDir != null) {
            folders.add(dataDir);
        }
        for (String folder : environment.getOrDefault("ATTUNE_DATA", "").split(Pattern.quote(File.pathSeparator), -1)) {
            if (!folder.isBlank()) {
                folders.add(Path.of(folder));
            }
        }
        return new Catalog(Home.of(environment), folders, progress);
    }

    /** The names, in the catalog's order. */
    public List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /**
     * What is known of a data set.
     *
     * @throws InputException naming the nearest name and all others, when there is none of that name
     */
    public CatalogEntry entry(String name) {
        CatalogEntry entry = entries.get(name);
        if (entry == null) {
            String nearest =
                    Suggestions.ranked(name.toLowerCase(Locale.ROOT), names()).get(0);
            throw new InputException("There is no data set '" + name + "' in the catalog. Did you mean " + nearest
                    + "? It has " + String.join(", ", names()) + ".");
        }
        return entry;
    }

    /**
     * The files that hold the texts of each part, downloaded where they are nowhere yet.
     *
     * @return path by part, in the entry's order
     * @throws InputException when the name is unknown, a file found is not the one the catalog means, or none of its
     *     sources has it
     */
    public Map<String, Path> files(String name) {
        var paths = new LinkedHashMap<String, Path>();
        entry(name).parts().forEach((part, files) -> {
            paths.put(part, file(files.texts()));
            files.labels().ifPresent(this::file);
        });
        return Collections.unmodifiableMap(paths);
    }

    /** All parts of a data set, each with the entry's classes. See {@link #files}. */
    public Map<String, Dataset> datasets(String name) {
        var datasets = new LinkedHashMap<String, Dataset>();
        for (String part : entry(name).parts().keySet()) {
            datasets.put(part, dataset(name, part));
        }
        return Collections.unmodifiableMap(datasets);
    }

    /** One part of a data set, under the name "set/part". See {@link #files}. */
    public Dataset dataset(String name, String part) {
        CatalogEntry entry = entry(name);
        var files = entry.parts().get(part);
        if (files == null) {
            throw new InputException("The data set " + name + " has no part '" + part + "'. It has: "
                    + String.join(", ", entry.parts().keySet()) + ".");
        }
        Path texts = file(files.texts());
        Path labels = files.labels().map(this::file).orElse(null);
        return Dataset.read(texts, entry.options(labels))
                .withLabels(new LabelSet(entry.labels()))
                .withName(name + "/" + part);
    }

    /**
     * Another column of a part's rows, such as their numbers; in their order.
     *
     * @throws InputException when there is no such column. See {@link #files} for the rest.
     */
    public List<String> column(String name, String part, String column) {
        var files = Objects.requireNonNull(entry(name).parts().get(part), part);
        return Dataset.column(file(files.texts()), entry(name).options(null), column);
    }

    /** What the column of the labels is called; empty where no part is a table that has one. */
    public Optional<String> labelColumn(String name) {
        var entry = entry(name);
        return entry.parts().values().stream()
                .map(files -> Dataset.labelColumn(file(files.texts()), entry.options(null)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Path file(CatalogEntry.SourceFile file) {
        var checksum = Checksum.sha256(file.sha256());
        for (Path folder : folders) {
            Path local = folder.resolve(file.path());
            if (Files.isRegularFile(local)) {
                if (!checksum.matches(local)) {
                    throw new InputException(local + " is not the file that the catalog means: its SHA-256 is not "
                            + file.sha256() + ". Remove it, or read it as a file of your own.");
                }
                return local;
            }
        }
        Path kept = home.data().resolve(file.path());
        try (var lock = home.lock("data/" + file.path())) {
            if (!Files.isRegularFile(kept) || !checksum.matches(kept)) {
                log.debug("fetching {} ({})", kept, lock);
                fetch(file, checksum, kept);
            }
        }
        return kept;
    }

    private void fetch(CatalogEntry.SourceFile file, Checksum checksum, Path target) {
        InputException last = null;
        for (var source : file.sources()) {
            if (last != null) {
                log.warn("{} Trying {}.", last.getMessage(), source.url());
            }
            try {
                var download = Download.of(source.url());
                if (source.member().isPresent()) {
                    extract(download, source.member().get(), checksum, target);
                } else {
                    download.withSize(file.bytes()).withChecksum(checksum).to(target, progress);
                }
                return;
            } catch (InputException e) {
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
        }
        throw new InputException(
                Objects.requireNonNull(last).getMessage() + " If you have the file, put it at " + file.path()
                        + " in a folder that ATTUNE_DATA or --data-dir names.",
                last);
    }

    /** The archive's own checksum is not known: it may be packed anew any day. Its member's is. */
    private void extract(Download download, String member, Checksum checksum, Path target) {
        try {
            Files.createDirectories(home.data());
            Path work = Files.createTempDirectory(home.data(), ".unpacking");
            try {
                Path archive = download.to(work.resolve("archive"), progress);
                Path files = work.resolve("files");
                Archive.extract(archive, files, Archive.Limits.DEFAULT);
                Path found = files.resolve(member);
                if (!Files.isRegularFile(found) || !checksum.matches(found)) {
                    throw new InputException("The archive " + download.source() + " does not hold " + member
                            + " with the SHA-256 " + checksum.hex() + ".");
                }
                AtomicFile.write(target, temporary -> Files.copy(found, temporary));
            } finally {
                try (var all = Files.walk(work)) {
                    for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack into " + home.data() + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, CatalogEntry> read() {
        try (var in = Objects.requireNonNull(Catalog.class.getResourceAsStream("catalog.json"))) {
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a resource of this package
        }
    }

    static Map<String, CatalogEntry> read(InputStream json) throws IOException {
        return new JsonMapper().readValue(json, new TypeReference<LinkedHashMap<String, CatalogEntry>>() {});
    }
}
