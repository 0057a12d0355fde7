package dev.attune.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadTest {
    private static final byte[] CONTENT = bytes(1, 300_000);
    private static final byte[] CHANGED = bytes(2, 300_000);
    private static final Download.Patience QUICK =
            new Download.Patience(4, Duration.ofMillis(1), Duration.ofSeconds(20));

    @TempDir
    Path folder;

    /** Every request's Range header, "-" for none, in order of arrival. */
    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());

    /** How many bytes the client has taken: the server breaks off only what has arrived, or how much is kept were chance. */
    private final AtomicLong arrived = new AtomicLong();

    private final Download.Progress arrivals = (source, bytes, total) -> arrived.set(bytes);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private Path target;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        target = folder.resolve("sub/file.bin");
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void writesTheFileAndReportsProgress() {
        serve(http -> send(http, 200, CONTENT));
        var seen = new ArrayList<Long>();
        download().withSize(CONTENT.length).withChecksum(checksum(CONTENT)).to(target, (source, bytes, total) -> {
            assertThat(total).isEqualTo(CONTENT.length);
            seen.add(bytes);
        });
        assertThat(target).hasBinaryContent(CONTENT);
        assertThat(seen).isSorted().startsWith(0L).endsWith((long) CONTENT.length);
        assertOnlyTheTargetIsLeft();
    }

    @Test
    void resumesWhereTheConnectionBroke() {
        serve(http -> {
            tag(http, "\"v1\"");
            if (ranges.size() == 1) {
                breakOff(http, 200, CONTENT, 0, 100_000);
            } else if (ranges.size() == 2) {
                breakOff(http, 206, CONTENT, start(http), 50_000);
            } else {
                sendRange(http, CONTENT);
            }
        });
        download().to(target, arrivals);
        assertThat(target).hasBinaryContent(CONTENT);
        assertThat(ranges).hasSize(3).startsWith("-");
        assertThat(ranges.get(1)).isEqualTo("bytes=100000-");
        assertThat(ranges.get(2)).isEqualTo("bytes=150000-");
        assertOnlyTheTargetIsLeft();
    }

    @Test
    void goesOnWithWhatAKilledProcessLeft() throws IOException {
        Files.createDirectories(target.getParent());
        Files.write(folder.resolve("sub/file.bin.part"), Arrays.copyOf(CONTENT, 12_345));
        Files.writeString(folder.resolve("sub/file.bin.part.etag"), "\"v1\"");
        serve(http -> {
            tag(http, "\"v1\"");
            assertThat(http.getRequestHeaders().getFirst("If-Range")).isEqualTo("\"v1\"");
            sendRange(http, CONTENT);
        });
        download().to(target, arrivals);
        assertThat(target).hasBinaryContent(CONTENT);
        assertThat(ranges).containsExactly("bytes=12345-");
        assertOnlyTheTargetIsLeft();
    }

    @Test
    void takesAPartThatIsAlreadyWhole() throws IOException {
        Files.createDirectories(target.getParent());
        Files.write(folder.resolve("sub/file.bin.part"), CONTENT);
        serve(http -> {
            http.getResponseHeaders().set("Content-Range", "bytes */" + CONTENT.length);
            send(http, 416, new byte[0]);
        });
        download().withChecksum(checksum(CONTENT)).to(target, arrivals);
        assertThat(target).hasBinaryContent(CONTENT);
    }

    @Test
    void startsOverWhenTheServerIgnoresRanges() {
        serve(http -> {
            tag(http, "\"v1\"");
            if (ranges.size() == 1) {
                breakOff(http, 200, CONTENT, 0, 100_000);
            } else {
                send(http, 200, CONTENT);
            }
        });
        download().to(target, arrivals);
        assertThat(target).hasBinaryContent(CONTENT);
    }

    @Test
    void startsOverWhenTheServerSendsAnotherRange() {
        serve(http -> {
            tag(http, "\"v1\"");
            if (ranges.size() == 1) {
                breakOff(http, 200, CONTENT, 0, 100_000);
            } else if (ranges.size() == 2) {
                contentRange(http, 5, CONTENT.length);
                send(http, 206, Arrays.copyOfRange(CONTENT, 5, CONTENT.length));
            } else {
                send(http, 200, CONTENT);
            }
        });
        download().to(target, arrivals);
        assertThat(target).hasBinaryContent(CONTENT);
        assertThat(ranges).containsExactly("-", "bytes=100000-", "-");
    }

    @Test
    void startsOverWhenTheFileChangedInBetween() {
        serve(http -> {
            if (ranges.size() == 1) {
                tag(http, "\"v1\"");
                breakOff(http, 200, CONTENT, 0, 100_000);
            } else {
                // As RFC 9110 asks: If-Range no longer matches, so the whole new file is sent.
                assertThat(http.getRequestHeaders().getFirst("If-Range")).isEqualTo("\"v1\"");
                tag(http, "\"v2\"");
                send(http, 200, CHANGED);
            }
        });
        download().to(target, arrivals);
        assertThat(target).hasBinaryContent(CHANGED);
    }

    @Test
    void noticesAChangedFileThoughTheServerIgnoresIfRange() {
        serve(http -> {
            tag(http, ranges.size() == 1 ? "\"v1\"" : "\"v2\"");
            if (ranges.size() == 1) {
                breakOff(http, 200, CONTENT, 0, 100_000);
            } else {
                sendRange(http, CHANGED);
            }
        });
        download().to(target, arrivals);
        assertThat(target).hasBinaryContent(CHANGED);
    }

    @Test
    void withoutAnEtagTheChecksumFindsOutThatTheFileChanged() {
        serve(http -> {
            if (ranges.size() == 1) {
                breakOff(http, 200, CONTENT, 0, 100_000);
            } else {
                sendRange(http, CHANGED);
            }
        });
        download().withChecksum(checksum(CHANGED)).to(target, arrivals);
        assertThat(target).hasBinaryContent(CHANGED);
        assertThat(ranges).containsExactly("-", "bytes=100000-", "-");
    }

    @Test
    void withoutEtagAndChecksumNothingIsResumed() {
        serve(http -> {
            if (ranges.size() == 1) {
                breakOff(http, 200, CONTENT, 0, 100_000);
            } else {
                send(http, 200, CHANGED);
            }
        });
        download().to(target, arrivals);
        assertThat(target).hasBinaryContent(CHANGED);
        assertThat(ranges).containsExactly("-", "-");
    }

    @Test
    void refusesAndDeletesAWrongFile() {
        serve(http -> send(http, 200, CHANGED));
        assertRefused(download().withChecksum(checksum(CONTENT)))
                .hasMessageContaining(checksum(CONTENT).hex())
                .hasMessageContaining(checksum(CHANGED).hex());
        assertThat(ranges).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void keepsTheOldFileWhenTheNewOneIsWrong() throws IOException {
        Files.createDirectories(target.getParent());
        Files.write(target, CONTENT);
        serve(http -> send(http, 200, CHANGED));
        assertRefused(download().withChecksum(checksum(CONTENT)));
        assertThat(target).hasBinaryContent(CONTENT);
        assertOnlyTheTargetIsLeft();
    }

    @Test
    void refusesAnotherLengthThanAskedForBeforeDownloadingIt() {
        serve(http -> send(http, 200, CONTENT));
        assertRefused(download().withSize(99)).hasMessageContaining("300000").hasMessageContaining("99");
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {299_999, 300_001})
    void refusesAnotherLengthWhereTheServerDoesNotSayIt(int asked) {
        serve(http -> sendChunked(http, CONTENT));
        assertRefused(download().withSize(asked)).hasMessageContaining(Integer.toString(asked));
        assertNothingIsLeft();
    }

    @Test
    void refusesAFileThatIsCutByALengthThatIsTooSmall() {
        serve(http -> send(http, 200, Arrays.copyOf(CONTENT, 1000)));
        assertRefused(download().withChecksum(checksum(CONTENT)));
        assertNothingIsLeft();
    }

    @Test
    void givesUpOnALengthThatIsTooLargeAndKeepsWhatCame() {
        serve(http -> {
            tag(http, "\"v1\"");
            long from = start(http);
            if (from == 0) {
                breakOff(http, 200, Arrays.copyOf(CONTENT, CONTENT.length + 10), 0, CONTENT.length);
            } else {
                contentRange(http, from, CONTENT.length + 10);
                http.sendResponseHeaders(206, 10);
                http.close();
            }
        });
        assertRefused(download()).hasMessageContaining("4 attempts");
        assertThat(ranges).hasSize(4);
        assertThat(folder.resolve("sub/file.bin.part")).hasBinaryContent(CONTENT);
        assertThat(target).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410})
    void doesNotTryAgainWhatIsRefused(int status) {
        serve(http -> send(http, status, "no".getBytes(StandardCharsets.UTF_8)));
        assertRefused(download()).hasMessageContaining(Integer.toString(status));
        assertThat(ranges).hasSize(1);
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void triesAgainAfterAServersTrouble(int status) {
        serve(http -> send(http, ranges.size() < 3 ? status : 200, CONTENT));
        download().to(target, arrivals);
        assertThat(target).hasBinaryContent(CONTENT);
        assertThat(ranges).hasSize(3);
    }

    @Test
    void givesUpAfterTheAttemptsAllowed() {
        serve(http -> send(http, 500, new byte[0]));
        assertRefused(download()).hasMessageContaining("500").hasMessageContaining("4 attempts");
        assertThat(ranges).hasSize(4);
    }

    @Test
    void namesTheAddressWhenNobodyListens() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        var nobody =
                Download.of(URI.create("http://127.0.0.1:" + free + "/file")).withPatience(QUICK);
        assertThatThrownBy(() -> nobody.to(target, arrivals))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("http://127.0.0.1:" + free + "/file")
                .hasMessageContaining("no connection");
    }

    @Test
    void resumesAfterAServerThatFellSilent() {
        var end = new CountDownLatch(1);
        serve(http -> {
            tag(http, "\"v1\"");
            if (ranges.size() == 1) {
                http.sendResponseHeaders(200, CONTENT.length);
                http.getResponseBody().write(CONTENT, 0, 100_000);
                http.getResponseBody().flush();
                await(end);
                http.close();
            } else {
                sendRange(http, CONTENT);
            }
        });
        var patience = new Download.Patience(4, Duration.ofMillis(1), Duration.ofMillis(300));
        download().withPatience(patience).to(target, arrivals);
        end.countDown();
        assertThat(target).hasBinaryContent(CONTENT);
        assertThat(ranges).hasSizeGreaterThan(1);
    }

    @Test
    void followsRedirectsAndKeepsTheTokenFromOtherHosts() throws IOException {
        var tokens = Collections.synchronizedMap(new TreeMap<String, String>());
        var other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try {
            other.createContext("/", http -> {
                tokens.put("other", String.valueOf(http.getRequestHeaders().getFirst("Authorization")));
                send(http, 200, CONTENT);
            });
            other.start();
            serve(http -> {
                String path = http.getRequestURI().getPath();
                tokens.put(path, String.valueOf(http.getRequestHeaders().getFirst("Authorization")));
                http.getResponseHeaders()
                        .set(
                                "Location",
                                path.equals("/file.bin")
                                        ? "/next"
                                        : "http://127.0.0.1:"
                                                + other.getAddress().getPort() + "/cdn");
                send(http, 302, new byte[0]);
            });
            download().withToken("secret").to(target, arrivals);
        } finally {
            other.stop(0);
        }
        assertThat(target).hasBinaryContent(CONTENT);
        assertThat(tokens)
                .containsEntry("/file.bin", "Bearer secret")
                .containsEntry("/next", "Bearer secret")
                .containsEntry("other", "null");
    }

    @Test
    void refusesRedirectsInACircleOrToFiles() {
        serve(http -> {
            http.getResponseHeaders().set("Location", "/file.bin");
            send(http, 302, new byte[0]);
        });
        assertRefused(download()).hasMessageContaining("redirects");
        server.removeContext("/");
        serve(http -> {
            http.getResponseHeaders().set("Location", "file:///etc/passwd");
            send(http, 302, new byte[0]);
        });
        assertRefused(download()).hasMessageContaining("file:///etc/passwd");
    }

    @Test
    void refusesAddressesThatAreNotHttp() {
        assertThatThrownBy(() -> Download.of(URI.create("ftp://example.org/x")).to(target, arrivals))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("ftp://example.org/x");
    }

    private Download download() {
        return Download.of(URI.create(address())).withPatience(QUICK);
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/file.bin";
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Download download) {
        return assertThatThrownBy(() -> download.to(target, arrivals))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(address());
    }

    private void assertOnlyTheTargetIsLeft() {
        assertThat(target.getParent()).isDirectoryNotContaining(p -> !p.equals(target));
    }

    private void assertNothingIsLeft() {
        assertThat(target.getParent()).isEmptyDirectory();
    }

    private void serve(HttpHandler handler) {
        server.createContext("/", http -> {
            String range = http.getRequestHeaders().getFirst("Range");
            ranges.add(range == null ? "-" : range);
            handler.handle(http);
        });
    }

    private static void tag(HttpExchange http, String etag) {
        http.getResponseHeaders().set("ETag", etag);
    }

    private static long start(HttpExchange http) {
        String range = http.getRequestHeaders().getFirst("Range");
        return range == null ? 0 : Long.parseLong(range.substring(6, range.length() - 1));
    }

    private static void contentRange(HttpExchange http, long from, long total) {
        http.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (total - 1) + "/" + total);
    }

    private static void send(HttpExchange http, int status, byte[] body) throws IOException {
        http.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            http.getResponseBody().write(body);
        }
        http.close();
    }

    private static void sendRange(HttpExchange http, byte[] all) throws IOException {
        int from = (int) start(http);
        if (from == 0) {
            send(http, 200, all);
        } else {
            contentRange(http, from, all.length);
            send(http, 206, Arrays.copyOfRange(all, from, all.length));
        }
    }

    private static void sendChunked(HttpExchange http, byte[] body) throws IOException {
        http.sendResponseHeaders(200, 0);
        http.getResponseBody().write(body);
        http.close();
    }

    /** Promises everything from {@code from} on, sends {@code count} bytes of it and hangs up. */
    private void breakOff(HttpExchange http, int status, byte[] all, long from, int count) throws IOException {
        if (status == 206) {
            contentRange(http, from, all.length);
        }
        http.sendResponseHeaders(status, all.length - from);
        http.getResponseBody().write(all, (int) from, count);
        http.getResponseBody().flush();
        for (int i = 0; i < 10_000 && arrived.get() < from + count; i++) {
            LockSupport.parkNanos(1_000_000);
        }
        http.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Checksum checksum(byte[] content) {
        try {
            Path file = Files.write(folder.resolve("content"), content);
            var sum = Checksum.of(Checksum.Kind.SHA256, file);
            Files.delete(file);
            return sum;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(long seed, int length) {
        byte[] all = new byte[length];
        new Random(seed).nextBytes(all);
        return all;
    }
}
