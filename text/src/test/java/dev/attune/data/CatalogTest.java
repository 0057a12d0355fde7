package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.attune.files.Checksum;
import dev.attune.files.Download;
import dev.attune.files.Home;
import dev.attune.files.InputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {
    private static final String TEXTS = "good film\nbad film\n";
    private static final String LABELS = "1\n0\n";

    @TempDir
    Path temporary;

    private final Map<String, byte[]> served = new HashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private Path home;
    private Path given;

    @BeforeEach
    void start() throws IOException {
        home = temporary.resolve("home");
        given = temporary.resolve("given");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", http -> {
            String path = http.getRequestURI().getPath();
            requests.add(path);
            byte[] body = served.get(path);
            http.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
            if (body != null) {
                http.getResponseBody().write(body);
            }
            http.close();
        });
        server.start();
        serve("/texts", TEXTS);
        serve("/labels", LABELS);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void downloadsOnceAndReadsWithTheEntrysLabels() {
        var films = catalog().dataset("films", "train");
        assertThat(films.name()).isEqualTo("films/train");
        assertThat(films.examples())
                .containsExactly(new Example("good film", "positive"), new Example("bad film", "negative"));
        assertThat(films.labels().names()).containsExactly("negative", "positive");
        assertThat(catalog().files("films")).containsExactly(Map.entry("train", home.resolve("data/films/texts.txt")));
        assertThat(catalog().datasets("films")).containsExactly(Map.entry("train", films));
        assertThat(requests).containsExactly("/texts", "/labels");
    }

    @Test
    void fetchesAFileAgainThatWasDamagedInTheHome() throws IOException {
        Path texts = catalog().files("films").get("train");
        Files.writeString(texts, "damaged");
        catalog().files("films");
        assertThat(texts).hasContent(TEXTS);
    }

    @Test
    void looksIntoTheGivenFoldersFirst() throws IOException {
        write(given.resolve("films/texts.txt"), TEXTS);
        write(given.resolve("films/labels.txt"), LABELS);
        assertThat(catalog().files("films")).containsValue(given.resolve("films/texts.txt"));
        assertThat(catalog().dataset("films", "train").size()).isEqualTo(2);
        assertThat(requests).isEmpty();
        assertThat(home).doesNotExist();
    }

    @Test
    void refusesAnotherFileOfThatNameInAGivenFolder() throws IOException {
        write(given.resolve("films/texts.txt"), TEXTS + "one more\n");
        assertThatThrownBy(() -> catalog().files("films"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(given.resolve("films/texts.txt").toString());
    }

    @Test
    void takesTheFileOutOfAnArchiveWhenItsFirstSourceIsGone() throws IOException {
        served.remove("/texts");
        served.put("/films.zip", zip("inner/texts.txt", TEXTS));
        assertThat(catalog().dataset("films", "train").size()).isEqualTo(2);
        assertThat(requests).containsExactly("/texts", "/films.zip", "/labels");
        try (var left = Files.list(home.resolve("data"))) {
            assertThat(left).containsExactly(home.resolve("data/films"));
        }
    }

    @Test
    void saysWhereToPutAFileThatNoSourceHas() throws IOException {
        served.remove("/texts");
        served.put("/films.zip", zip("inner/texts.txt", "others\n"));
        assertThatThrownBy(() -> catalog().files("films"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("/films.zip")
                .hasMessageContaining("ATTUNE_DATA")
                .hasMessageContaining("films/texts.txt");
        try (var left = Files.walk(home.resolve("data"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void namesTheNearestAndAllNames() {
        var catalog = new Catalog(new Home(home), List.of(), Download.Progress.NONE);
        assertThatThrownBy(() -> catalog.entry("sms_spam"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Did you mean sms-spam?")
                .hasMessageContaining("banking77, sst2, trec");
        assertThatThrownBy(() -> catalog.dataset("sms-spam", "train"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("all");
    }

    @Test
    void findsItsFoldersInTheEnvironment() throws IOException {
        byte[] sms = "not the collection".getBytes(StandardCharsets.UTF_8);
        for (String folder : List.of("one", "two", "three")) {
            Path file = temporary.resolve(folder).resolve("sms_spam/SMSSpamCollection");
            Files.createDirectories(file.getParent());
            Files.write(file, sms);
        }
        var environment =
                Map.of("ATTUNE_DATA", temporary.resolve("one") + File.pathSeparator + temporary.resolve("two"));
        assertThatThrownBy(() ->
                        Catalog.of(environment, null, Download.Progress.NONE).files("sms-spam"))
                .hasMessageContaining(temporary.resolve("one/sms_spam").toString());
        assertThatThrownBy(() -> Catalog.of(environment, temporary.resolve("three"), Download.Progress.NONE)
                        .files("sms-spam"))
                .hasMessageContaining(temporary.resolve("three/sms_spam").toString());
    }

    @Test
    void everyEntryIsPinnedAndToldInFull() {
        var catalog = new Catalog(new Home(home), List.of(), Download.Progress.NONE);
        assertThat(catalog.names())
                .containsExactly(
                        "sms-spam",
                        "twitter-complaints",
                        "banking77",
                        "sst2",
                        "trec",
                        "tweeteval-irony",
                        "tweeteval-emotion");
        for (String name : catalog.names()) {
            var entry = catalog.entry(name);
            assertThat(entry.title()).isNotBlank();
            assertThat(entry.licence()).isNotBlank();
            assertThat(entry.citation()).isNotBlank();
            assertThat(entry.labels()).hasSizeGreaterThan(1).doesNotHaveDuplicates();
            for (var part : entry.parts().values()) {
                assertThat(entry.options(null)).isNotNull();
                assertThat(Checksum.sha256(part.texts().sha256()).hex()).hasSize(64);
                assertThat(part.texts().sources().get(0).url().toString())
                        .matches("https://raw\\.githubusercontent\\.com/[^/]+/[^/]+/[0-9a-f]{40}/.+");
            }
        }
    }

    private Catalog catalog() {
        String at = "http://127.0.0.1:" + server.getAddress().getPort();
        String json = """
                {"films": {"title": "Films", "homepage": "%1$s", "licence": "none", "citation": "none",
                  "labels": ["negative", "positive"],
                  "reading": {"format": "LINES", "labelNames": {"0": "negative", "1": "positive"}},
                  "parts": {"train": {
                    "texts": {"path": "films/texts.txt", "bytes": %2$d, "sha256": "%3$s", "sources": [
                      {"url": "%1$s/texts"}, {"url": "%1$s/films.zip", "member": "inner/texts.txt"}]},
                    "labels": {"path": "films/labels.txt", "bytes": %4$d, "sha256": "%5$s", "sources": [
                      {"url": "%1$s/labels"}]}}}}}
                """.formatted(at, TEXTS.length(), sha256(TEXTS), LABELS.length(), sha256(LABELS));
        try {
            var entries = Catalog.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
            return new Catalog(entries, new Home(home), List.of(given), Download.Progress.NONE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(String path, String content) {
        served.put(path, content.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] zip(String name, String content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private String sha256(String content) {
        try {
            Path file = Files.writeString(temporary.resolve("hashed"), content);
            return Checksum.of(Checksum.Kind.SHA256, file).hex();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
